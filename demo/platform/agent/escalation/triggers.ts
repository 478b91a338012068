import { findAmounts, findBound, type Bound } from "./amounts.ts";

/** What an escalation rule watches for: all the words, and an amount beyond the bound if there is one. */
export type Trigger = { topic: string; words: string[]; bound: Bound | null };

/** Words of rules that say who, when and what then, not what about. */
const FRAME = new Set(
  `a about above again agent agents all always an and any anybody anyone anything are as ask asked asking
  asks at automatically be because been before being bot by call caller calls case cases chat colleague
  colleagues comes concern concerns concerning contact conversation conversations customer customers
  directly do does escalate escalated escalation every everybody everyone for forward from get gets give
  go goes hand handed handover has have having he her him his human humans i if immediately in involve
  involves involving is it its keep manager mention mentions mentioned mentioning message messages more most must
  need needs no not of on once or other our over pass passed people person please raise raised raises
  real refer regarding related request right route rule say says said send sends she should someone
  somebody speak straight such support talk talking talks team than that the their them then there these
  they this those threaten threatening threatens through to topic topics transfer transferred us user
  users visitor visitors want wanting wants we when whenever where which who whose will wish wishes with
  would you your`.split(/\s+/),
);

/** Words that name nothing beside another word: "legal issues" are legal. */
const GENERIC = new Set(
  `complaint complaints enquiries enquiry incident incidents inquiries inquiry issue issues
  matter matters problem problems query queries question questions request requests`.split(/\s+/),
);
const SEPARATOR = /(?<!\d)[,.]|[,.](?!\d)|[;:!?()\n/–—]|\b(?:or|and|as well as|plus)\b/;

/** Other words for what rules are about most; looked for in a message in lower case. */
const CONCEPTS: [words: RegExp, says: RegExp][] = [
  [
    /^(?:legal|law|lawyers?|attorneys?|solicitors?|sue|sues|suing|lawsuits?|court|litigation)$/,
    /\b(?:legal(?!ly allowed)|lawyers?|attorneys?|solicitors?|sue|suing|lawsuits?|court|litigation|legal action)\b/,
  ],
  [
    /^(?:billing|bills?|charges?|invoices?|invoicing|payments?)$/,
    /\b(?:bill|bills|billed|billing|charge|charged|charges|charging|invoice|invoices|invoiced|payment|payments|debited)\b/,
  ],
  [
    /^disput\w*$/,
    /\b(?:disput\w+|wrong(?:ly)?|incorrect(?:ly)?|twice|double|overcharged?|unauthori[sz]ed|chargeback|never (?:ordered|bought|authori[sz]ed)|not (?:right|correct)|mistake|contest)\b/,
  ],
  [/^(?:refund\w*|reimburse\w*)$/, /\b(?:refund\w*|money back|reimburse\w*)\b/],
  [/^(?:complain\w*|complaints?)$/, /\bcomplain\w*\b/],
  [/^(?:cancel\w*|cancellations?)$/, /\bcancel\w*\b/],
  [/^(?:injur\w*|hurt|accidents?)$/, /\b(?:injur\w*|hurt|accident)\b/],
  [/^(?:angry|anger|upset|furious|mad|annoyed)$/, /\b(?:angry|upset|furious|mad|annoyed)\b/],
  [
    /^(?:press|media|journalists?|reporters?)$/,
    /\b(?:press|media|journalists?|reporters?|newspapers?)\b/,
  ],
  [/^(?:privacy|gdpr|data)$/, /\b(?:privacy|gdpr|personal data|my data)\b/],
];

/** The triggers of a rule in plain words: its topics, without who asks and what then. */
export function parseTriggers(rule: string): Trigger[] {
  return splitTopics(rule.toLowerCase().replaceAll("’", "'")).flatMap((topic) => {
    const found = findBound(topic);
    const words = toWords(found?.rest ?? topic);
    return words.length > 0 || found
      ? [{ topic: topic.trim(), words, bound: found?.bound ?? null }]
      : [];
  });
}

/** "$100 or more" is one topic, and so is "$1,250.50". */
function splitTopics(rule: string): string[] {
  return rule
    .replace(/([$€£]?\s?\d[\d.,]*(?:\s?[%\p{L}]+)?) or (?:more|above|higher)\b/gu, " at least $1")
    .split(SEPARATOR);
}

function toWords(topic: string): string[] {
  const words = topic
    .split(/[^\p{L}\p{N}'-]+/u)
    .filter((word) => word !== "" && !FRAME.has(word) && !/^\d/.test(word));
  const telling = words.filter((word) => !GENERIC.has(word));
  return telling.length > 0 ? telling : words;
}

/** Whether a message is about what a trigger watches for. */
export function matchesTrigger(message: string, { words, bound }: Trigger): boolean {
  const text = message.toLowerCase().replaceAll("’", "'");
  if (!words.every((word) => saysWord(text, word))) return false;
  if (bound === null) return true;
  return findAmounts(text).some(({ value, unit }) => unit === bound.unit && bound.passes(value));
}

function saysWord(text: string, word: string): boolean {
  const concept = CONCEPTS.find(([words]) => words.test(word));
  if (concept) return concept[1].test(text);
  const stem = word.replace(/(?<=\w{3})(?:ies|ing|ed|es|s|y)$/, "");
  return new RegExp(`(?<![\\p{L}\\p{N}])${escape(stem)}[\\p{L}]{0,4}(?![\\p{L}\\p{N}])`, "u").test(
    text,
  );
}

function escape(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, "\\$&");
}
