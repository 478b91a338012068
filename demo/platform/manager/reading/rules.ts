import type { RuleKind } from "../../storage/configuration.ts";
import { toArticleName } from "../../storage/articles.ts";
import type { Clause } from "./clauses.ts";
import type { Finding, Question, Reader, Reading, Situation } from "./reading.ts";
import { capitalise, cut, find, quotedIn, toValue, type Text } from "./text.ts";
import { toWords } from "./topics.ts";
import { BOT } from "./vocabulary.ts";

const NOUN = /\b(?:(?:business|escalation|hand-?over)\s+)?rules?\b/;
const REMOVES = /\b(?:remove|delete|drop|forget|get rid of|take out|cancel)\b/;
const ADDS = /\b(?:add|create|set|make|new|save|include|have|need|rules?\s*:)/;

/** "Add these rules: …", "add a rule that …", "new rule - …". */
const ADDITION = /\brules?\b\s*(?::|\bthat\b|\bsaying\b|\bto\b|[-–—]\s|,)?\s*(?<rule>[^]*)$/d;
const TOPIC =
  /\brules?\b\s*(?:about|on|regarding|concerning|that says|saying|for|:|number)?\s*(?<topic>.+)$/d;
const TOPIC_BEFORE = /\b(?:the|our)\s+(?<topic>.+?)\s+rules?\b/d;

/** What makes a rule of a sentence without the word. */
const STATEMENTS = [
  /^(?:always|never|do not|don't|avoid|only (?:ever )?\w+|escalate|whenever|from now on)\b/,
  /^(?:if|when)\s.+,.+/,
  new RegExp(
    `^(?:the |our |your )?(?:${BOT}|you) (?:must|shall|may|can(?:not|'t)|has to|needs to|never|always|should(?! (?:be (?:called|named)|say|read)|know)|shouldn't|mustn't)\\b`,
  ),
  /^(?:make sure|ensure|see to it)\b/,
  /^(?:let|have)\b.*\b(?:handle|answer|deal with|look at|take care of|take over)\b/,
  /^(?:forward|route|pass|hand|send|transfer|refer|connect|put)\b.*\b(?:to|on|over|through)\b/,
  /^(?:any(?:one|body|thing)?|every(?:one|body|thing)?|all|nobody|no[- ]one|customers|people|visitors) .*\b(?:should|must|shall|needs? to|has to|have to)\b/,
];

/** What begins like a rule and is said in passing. */
const NO_RULES = [
  /^(?:don't|do not) (?:change|worry|touch|bother|mind|save|do (?:it|that|this|anything))\b/,
  /^you never know\b|^always (?:good|nice|great|a pleasure)\b/,
  /^(?:if|when)\b.*\b(?:can|could|would) you\b/,
];

const HUMAN =
  "(?:humans?|persons?|people|team|colleagues?|managers?|someone|somebody|us|support|staff|employees?|representatives?)";
const ESCALATES = new RegExp(
  `\\bescalat|\\bhand(?:ed|ing)?\\b.*\\bover\\b|\\bpass(?:ed)?\\b.*\\bon\\b|\\b(?:to|get|let|have|involve|by|with|through to|transfer)\\s+(?:an?\\s+|our\\s+|the\\s+|one of (?:our|the)\\s+)?(?:real\\s+|live\\s+)?${HUMAN}\\b`,
);
const LEAD = /^(?:(?:make sure|ensure|see to it)(?: that)?|from now on,?|so|also)\s+/;

/** Adds and removes business rules and escalation rules. */
export const readRules: Reader = (clause, situation) => {
  const { text } = clause;
  const marker = NOUN.exec(text.plain);
  if (marker && REMOVES.test(text.plain.slice(0, marker.index))) {
    return { finding: readRemoval(text, situation) };
  }
  if (marker && isAddition(text)) return readAddition(clause);
  if (!isStatement(text)) return undefined;
  return toReading([toRule(text, clause)], ESCALATES.test(text.plain) ? "escalation" : "business");
};

function isStatement({ plain }: Text): boolean {
  const says = (pattern: RegExp) => pattern.test(plain);
  return STATEMENTS.some(says) && !NO_RULES.some(says);
}

function isAddition({ plain }: Text): boolean {
  return ADDS.test(plain) && !/^(?:what|which|show|list|how|do|are|tell|give)\b/.test(plain);
}

/** Every sentence and list item that follows is a rule too. */
function readAddition(clause: Clause): Reading {
  const { text } = clause;
  const rule = find(text, ADDITION)?.["rule"];
  const isEscalation = /\bescalation|\bhand-?over/.test(text.plain) || ESCALATES.test(text.plain);
  const kind = isEscalation ? "escalation" : "business";
  const isSaid = rule && /[\p{L}▪]/u.test(rule.plain) && !/^(?:please|pls)\b/.test(rule.plain);
  return toReading(isSaid ? [toRule(rule, clause)] : [], kind);
}

function toReading(rules: string[], kind: RuleKind): Reading {
  return {
    finding:
      rules.length > 0
        ? { action: { name: "add_rules", kind, rules } }
        : { question: askForRule(kind) },
    grow: (next) => toReading([...rules, toRule(next.text, next)], kind),
  };
}

function toRule(text: Text, { isPolite }: Pick<Clause, "isPolite">): string {
  const lead = LEAD.exec(text.plain)?.[0].length ?? 0;
  const rule = toValue(cut(text, lead));
  // "Could you never …?" asks for a rule; the rule asks nothing.
  return capitalise(isPolite ? rule.replace(/\?$/, "") : rule);
}

function askForRule(kind: RuleKind): Question {
  return {
    about: "rule",
    text:
      kind === "escalation"
        ? "When should a person take over? For example: “Escalate refund requests over $100.”"
        : "What should the rule say? For example: “Never promise a delivery date.”",
    isOpen: true,
    answer: (reply) => {
      const isEscalation = kind === "escalation" || ESCALATES.test(reply.plain);
      return {
        action: {
          name: "add_rules",
          kind: isEscalation ? "escalation" : "business",
          rules: [toRule(reply, { isPolite: false })],
        },
      };
    },
  };
}

type KnownRule = { kind: RuleKind; rule: string };

function readRemoval(text: Text, { rules }: Situation): Finding {
  const topic = find(text, TOPIC)?.["topic"] ?? find(text, TOPIC_BEFORE)?.["topic"];
  const known = (["business", "escalation"] as const).flatMap((kind) =>
    rules[kind].map((rule) => ({ kind, rule })),
  );
  return remove(matchRules(topic, known)) ?? { question: askForRemoval(known) };
}

function remove([only, ...others]: KnownRule[]): Finding | undefined {
  if (!only || others.length > 0) return undefined;
  return { action: { name: "remove_rules", kind: only.kind, rules: [only.rule] } };
}

function matchRules(topic: Text | undefined, known: KnownRule[]): KnownRule[] {
  const words = topic ? toWords(toArticleName(quotedIn(topic) ?? topic.raw)) : [];
  if (words.length === 0) return [];
  return known.filter(({ rule }) => words.every((word) => toArticleName(rule).includes(word)));
}

function askForRemoval(known: KnownRule[]): Question {
  const list = known.map(({ rule }, index) => `${index + 1}. ${rule}`).join("\n");
  return {
    about: "rule",
    text:
      known.length > 0
        ? `Which rule shall I remove?\n\n${list}`
        : "There is no rule to remove. Which rule do you mean?",
    isOpen: false,
    answer: (reply) => {
      const number = Number(/^(?:number |rule )?(\d+)\b/.exec(reply.plain)?.[1]);
      const chosen = known[number - 1];
      return remove(chosen ? [chosen] : matchRules(reply, known));
    },
  };
}
