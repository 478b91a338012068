import type { Clause } from "./clauses.ts";
import type { Finding, Question, Reader, Reading } from "./reading.ts";
import { capitalise, find, quotedIn, toValue, type Text } from "./text.ts";

const COMPANY =
  "(?:business|company|shop|store|firm|organi[sz]ation|start-?up|agency|brand|studio|practice|restaurant|hotel|cafe|café)";
const SUBJECT = "(?:context|description|background|profile|info(?:rmation)?|summary|story)";
const TOPIC = `(?:(?:${COMPANY}\\s+)?${SUBJECT}|(?:what you know|everything|details|facts) about (?:us|(?:the|our|my) ${COMPANY}))`;

/** What the description stands behind. */
const SAID = [
  new RegExp(
    `\\b${TOPIC}\\b\\s*(?:\\b(?:to|as|is|with|by|should be|should say)\\b(?: this)?\\s*:?|[:=]|[-–—]\\s)\\s*(?<said>.+)$`,
    "d",
  ),
  new RegExp(
    `^(?:about (?:us|the ${COMPANY}|our ${COMPANY})|who we are|what we do)\\s*(?::|[-–—]\\s)\\s*(?<said>.+)$`,
    "d",
  ),
  /^(?:here's|here is|this is) (?:what|who) we (?:do|are)\s*(?::|[-–—]\s|,)\s*(?<said>.+)$/d,
  /^(?:you should know|please remember|remember|keep in mind|note|be aware|just so you know|for (?:your )?(?:context|information))\s*(?:that|:|,)?\s+(?<said>(?:we|our|my|i|this)\b.+)$/d,
];

/** What describes a business by itself. "We are closed" does not. */
const STATEMENTS = [
  /^(?:we are|we're|we are called|i am|i'm) (?:an?|the)\b/,
  new RegExp(
    `^(?:our|my|the) (?:(?!name\\b)\\w+ )?${COMPANY}\\b(?:,| is\\b| sells?\\b| makes?\\b| offers?\\b| was\\b| has\\b)`,
  ),
  new RegExp(`^(?:i|we) (?:run|own|have|manage|operate) (?:an?|the|our|my|two|three)\\b.*`),
];

const NOUN = new RegExp(`\\b(?:(?:business|company) ${SUBJECT}|business context|context)\\b`);
const SETS = /^(?:set|change|update|edit|define|add|write|replace|make)\b/;
/** "add this to our context" keeps what is there. */
const ADDS = /^(?:add|append)\b.*\bto\b/;
/** What is said of the day, or of how somebody feels, describes no business. */
const PASSING =
  /^(?:we|i) have (?:an?|the) (?:question|problem|issue|request|idea)|\ban? (?:bit|little|few|lot)\b|\b(?:today|tomorrow|tonight|right now|at the moment|this week)\b/;

/** What the business is and does. */
export const readContext: Reader = (clause, { context }) => {
  const { text } = clause;
  const said = SAID.map((pattern) => find(text, pattern)?.["said"]).find(Boolean);
  if (said && context && ADDS.test(text.plain))
    return toGrowing(`${context} ${capitalise(toValue(said))}`);
  if (said) return toReading(said);
  if (PASSING.test(text.plain)) return undefined;
  if (STATEMENTS.some((pattern) => pattern.test(text.plain))) return toReading(text);
  const asks = SETS.test(text.plain) && NOUN.test(text.plain);
  return asks ? { ...toGrowing(""), finding: { question: askForContext() } } : undefined;
};

function toReading(text: Text): Reading {
  const quoted = text.plain.startsWith('"') ? quotedIn(text) : undefined;
  return quoted === undefined ? toGrowing(toValue(text)) : { finding: set(quoted) };
}

/** Sentences that follow go on describing. */
function toGrowing(said: string): Reading {
  return {
    finding: set(said),
    grow: (next: Clause) => toGrowing(`${said}${said && " "}${next.text.raw}`),
  };
}

function set(text: string): Finding {
  return { action: { name: "set_business_context", text: capitalise(text) } };
}

function askForContext(): Question {
  return {
    about: "context",
    text: "What is your business, and what does it do? A few sentences are enough.",
    isOpen: true,
    answer: (reply) => set(toValue(reply)),
  };
}
