import { matchesTrigger, parseTriggers, type Trigger } from "./escalation/triggers.ts";

/** What an agent without a language model can do of the business rules. */
export type Guidance = {
  /** Topics of customers that it must not speak of. */
  avoid: Trigger[];
  /** Sentences that belong in every answer. */
  mention: string[];
  /** Rules that are statements: they answer questions. */
  facts: string[];
  /** What answers must not have. */
  strip: { what: RegExp; by: string }[];
};

const FORBIDS =
  "(?:never|don't|do not|avoid|not|must not|mustn't|should not|shouldn't|cannot|can't)";
const AVOID = new RegExp(
  `\\b${FORBIDS} (?:\\w+ )?(?:discuss|talk|speak|comment|mention|recommend|give|giving|provide|answer)\\w*\\s+(?:(?:about|on|questions (?:about|on)) )?(?<topic>.+)`,
);
const NEVER_AVOID =
  /\bnever (?:discusses|talks about|mentions|recommends|gives|comments on)\s+(?<topic>.+)/;
const MENTION =
  /^always (?:mention|say|add|point out|remind (?:them|customers|people|everyone)(?: of| about| that)?|tell (?:them|customers|people|everyone)(?: about| that)?)(?: that)?\s+(?<said>.+?)\.?$/i;
const STRIPPED = [
  { rule: /\bemojis?\b/, what: /\s?\p{Extended_Pictographic}\uFE0F?/gu, by: "" },
  { rule: /\bexclamation (?:marks?|points?)\b/, what: /!+/g, by: "." },
];
const INSTRUCTION = new RegExp(
  `^(?:always|please|only|use|ask|answer|keep|be|make|ensure|sign|greet|start|end|${FORBIDS}|(?:the |our |your )?(?:agent|bot|assistant|it|you) )\\b`,
);

/** Sorts rules by what can be done of them; those of no kind are for a language model. */
export function parseBusinessRules(rules: string[]): Guidance {
  const guidance: Guidance = { avoid: [], mention: [], facts: [], strip: [] };
  for (const rule of rules) {
    const plain = rule.toLowerCase().replaceAll("’", "'");
    const strip = STRIPPED.filter(
      (one) => one.rule.test(plain) && new RegExp(`\\b${FORBIDS}\\b`).test(plain),
    );
    const topic = (AVOID.exec(plain) ?? NEVER_AVOID.exec(plain))?.groups?.["topic"];
    const said = MENTION.exec(rule)?.groups?.["said"];
    if (strip.length > 0) guidance.strip.push(...strip);
    else if (said) guidance.mention.push(said);
    else if (topic) guidance.avoid.push(...parseTriggers(topic));
    else if (!INSTRUCTION.test(plain)) guidance.facts.push(rule);
  }
  return guidance;
}

/** Whether a message is about what must not be spoken of. */
export function isAvoided(message: string, { avoid }: Guidance): boolean {
  return avoid.some((trigger) => matchesTrigger(message, trigger));
}

/** An answer with what belongs in every answer. */
export function withMentions(answer: string, { mention }: Guidance): string {
  const missing = mention.filter((said) => !answer.includes(said));
  return [answer, ...missing.map((said) => `Good to know: ${said}.`)].join("\n\n");
}

/** A text without what answers must not have. */
export function polish(text: string, { strip }: Guidance): string {
  return strip.reduce((polished, { what, by }) => polished.replace(what, by), text);
}
