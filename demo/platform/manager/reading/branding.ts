import type { Branding } from "../../storage/configuration.ts";
import { beginsWithColor, COLORS_ACCEPTED, parseColor } from "../color.ts";
import type { Finding, Question, Reader } from "./reading.ts";
import { cut, quotedIn, toValue, type Text } from "./text.ts";
import { BOT, COMMAND, DETERMINER } from "./vocabulary.ts";

type Field = keyof Branding;

/** How each value is spoken of; the first that matches at a place wins. `direct`: the value follows at once. */
const MENTIONS: { field: Field; says: string; direct?: true }[] = [
  { field: "agentName", says: `\\b(?:call|rename|name)\\s+${DETERMINER}${BOT}\\b`, direct: true },
  {
    field: "agentName",
    says: `\\b${BOT}(?:\\s+(?:to be|should be|is|be))?\\s+(?:called|named)\\b`,
    direct: true,
  },
  { field: "agentName", says: `\\b${BOT}(?:'s)?\\s+(?:display\\s+)?name\\b` },
  {
    field: "welcomeSubheading",
    says: "\\b(?:welcome\\s+)?(?:sub\\s?-?(?:heading|title|headline)|tag\\s?line)(?:\\s+under the heading)?\\b|\\b(?:line|text|sentence)\\s+(?:under|below|beneath)\\s+the\\s+(?:welcome\\s+)?heading\\b|\\b(?:under|underneath|below|beneath)\\s+(?:it|that)\\b",
  },
  {
    field: "welcomeHeading",
    says: "\\b(?:welcome\\s+)?(?:heading|headline|header|greeting|title|welcome\\s+(?:message|text|line))\\b",
  },
  {
    field: "primaryColor",
    says: "\\b(?:(?:primary|main|brand|accent|theme|button|chat|widget)\\s+)*colou?r\\b",
  },
  {
    field: "primaryColor",
    says: `\\b(?:make|turn|paint)\\s+${DETERMINER}(?:(?:chat|widget|bubble|button|launcher)(?:\\s+(?:widget|bubble|button|launcher))?|it|everything)\\b`,
    direct: true,
  },
  {
    field: "primaryColor",
    says: "\\b(?:chat|widget|bubble|button|launcher)\\s+(?:to be|should be)\\b",
    direct: true,
  },
  {
    field: "agentName",
    says: `\\b(?:display\\s+)?name(?:\\s+(?:for|of)\\s+${DETERMINER}${BOT})?\\b`,
  },
];

const MENTION = new RegExp(MENTIONS.map(({ says }) => `(${says})`).join("|"), "g");

/** Between a field and its value. "is" alone may begin an opinion: "the heading is too small". */
const CONNECTOR =
  /^\s*(?:please\s+)?(?:from\s+\S+\s+)?(?:(?:to (?:say|read)|to(?! be)|into|as|be|reads?|says?|use|put|to be|(?:should|must|shall)(?: now)? (?:be|say|read))\b\s*:?|[:=]|->|→|(?<is>is(?: now)?\b))\s*/;

const ASKED_FOR: Record<Field, string> = {
  agentName: "What should the agent be called?",
  primaryColor: `Which colour should it be? ${COLORS_ACCEPTED}.`,
  welcomeHeading: "What should the welcome heading say?",
  welcomeSubheading: "What should the welcome subheading say?",
};

/** Words with capitals and nothing else: "Bella is nice" is an opinion. */
const NAME = /^\p{Lu}[\p{L}\p{N}.'’-]*(?:\s\p{Lu}[\p{L}\p{N}.'’-]*)*[.!]?$/u;

/** "Should the colour be blue?" asks for an opinion. */
const QUESTION = /^(?:are|did|do|does|how|is|shall|should|was|what|which|who|why|would)\b/;

const BRANDING = /\bbrand(?:ing)?\b|\blook(?:s| and feel)?\b/;
const STARTS_WITH_COMMAND = new RegExp(`^${COMMAND}\\b`);

/** Agent name, primary colour, welcome heading and subheading, in any order and subset. */
export const readBranding: Reader = ({ text }) => {
  if (QUESTION.test(text.plain)) return undefined;
  const isCommand = STARTS_WITH_COMMAND.test(text.plain);
  const values = listMentions(text).map(({ field, direct, after, before }) => ({
    field,
    value: valueAfter(field, after, direct) ?? valueBefore(before),
  }));
  const branding: Branding = {};
  let refused: Finding | undefined;
  for (const { field, value } of values) {
    if (value === undefined) continue;
    const read = readValue(field, value);
    if (read === undefined) refused = { question: askForColor(value) };
    else branding[field] ??= read;
  }
  if (Object.keys(branding).length > 0) {
    return { finding: set(branding), ...(refused && { also: refused }) };
  }
  if (refused) return { finding: refused };
  const [first] = values;
  if (first && isCommand) return { finding: { question: ask(first.field) } };
  return isCommand && BRANDING.test(text.plain) ? { finding: { question: askWhich() } } : undefined;
};

type Mention = { field: Field; direct: boolean; after: Text; before: Text };

function listMentions(text: Text): Mention[] {
  const found = [...text.plain.matchAll(MENTION)];
  return found.flatMap((match, index) => {
    const mention = MENTIONS[match.slice(1).findIndex((group) => group !== undefined)];
    if (!mention) return [];
    const end = match.index + match[0].length;
    const previous = found[index - 1];
    const from = previous ? previous.index + previous[0].length : 0;
    return [
      {
        field: mention.field,
        direct: mention.direct === true,
        after: withoutJoint(cut(text, end, found[index + 1]?.index), index < found.length - 1),
        before: cut(text, from, match.index),
      },
    ];
  });
}

/** Without the ", and the" before the next field. */
function withoutJoint(text: Text, isFollowed: boolean): Text {
  const joint =
    isFollowed && /(?:[\s,;]|\b(?:and|with|plus|the|our|your|a|set|for|its)\b)+$/.exec(text.plain);
  return joint ? cut(text, 0, joint.index) : text;
}

function valueAfter(field: Field, after: Text, isDirect: boolean): string | undefined {
  const connector = CONNECTOR.exec(after.plain);
  const value = connector ? cut(after, connector[0].length) : after;
  const isSure = connector !== null && connector.groups?.["is"] === undefined;
  const isValue = isSure || isDirect || looksLikeValue(field, value);
  // "make it shorter" is not about a colour.
  if (isDirect && field === "primaryColor" && !beginsWithColor(value.plain)) return undefined;
  return isValue && value.plain !== "" ? toValue(value) : undefined;
}

/** "use #0f766e as our main colour". */
function valueBefore(before: Text): string | undefined {
  const joint = /\b(?:as|for)\s+(?:the|our|your|my)?\s*(?:new\s+)?$/.exec(`${before.plain} `);
  const start = /^(?=#)|^.*?\b(?:use|take|set|put|with|make)\s+/.exec(before.plain);
  if (!joint || !start) return undefined;
  const value = cut(before, start[0].length, joint.index);
  return value.plain === "" ? undefined : toValue(value);
}

function looksLikeValue(field: Field, value: Text): boolean {
  if (value.plain.startsWith('"')) return true;
  if (field === "primaryColor") return beginsWithColor(value.plain);
  return field === "agentName" && NAME.test(value.raw);
}

/** Undefined when a colour is none. */
function readValue(field: Field, value: string): string | undefined {
  if (field === "primaryColor") return parseColor(value);
  // A sentence's full stop is not part of a name or a heading; "Hi there!" is one.
  return value.replace(/(?<=[\p{L}\p{N})])\.$/u, "").trim();
}

function set(branding: Branding): Finding {
  return { action: { name: "set_branding", branding } };
}

function ask(field: Field): Question {
  if (field === "primaryColor") return askForColor(undefined);
  return {
    about: field,
    text: ASKED_FOR[field],
    isOpen: false,
    answer: (reply) => {
      const value = readValue(field, toValue(reply));
      return value ? set({ [field]: value }) : undefined;
    },
  };
}

function askForColor(refused: string | undefined): Question {
  const question: Question = {
    about: "primaryColor",
    text:
      refused === undefined
        ? ASKED_FOR.primaryColor
        : `“${refused.slice(0, 60)}” is no colour that I know. ${COLORS_ACCEPTED}. Which one should it be?`,
    isOpen: false,
    answer: (reply) => {
      const value = quotedIn(reply) ?? reply.raw;
      const primaryColor = parseColor(value);
      return primaryColor ? set({ primaryColor }) : { question: askForColor(value) };
    },
  };
  return question;
}

function askWhich(): Question {
  return {
    about: "branding",
    text: "What shall I change: the agent's name, the primary colour, the welcome heading or the welcome subheading? Tell me the new value too.",
    isOpen: false,
    answer: () => undefined,
  };
}
