import { cut, type Text } from "./text.ts";
import { COMMAND, skipPoliteness } from "./vocabulary.ts";

/** One request or statement of a message, with where it stands in the message's `plain`. */
export type Clause = {
  text: Text;
  start: number;
  end: number;
  /** From the beginning of the clause to the end of the message. */
  rest: Text;
  /** Whether the message called for it in passing: "please", "could you". */
  isPolite: boolean;
};

/** "Mr. Beans" goes on, and so does "1. First". */
const ABBREVIATION =
  "(?<!\\b(?:mr|mrs|ms|dr|st|vs|no|e\\.g|i\\.e)\\.)(?<!(?:^|\\n)\\s*\\d{1,2}\\.)";
const SENTENCE_END = `(?<=[.!?…]["')]?)${ABBREVIATION}\\s+(?=[\\p{L}\\p{N}"#$€£*-])`;
/** "…, and rename the bot", but not "…, please replace it". */
const NEXT_COMMAND = `(?<!\\s)[,;]?\\s+(?:and|then|but|plus|also)\\s+(?=(?:(?:also|then|now|please|can you|could you)\\s+)*(?:${COMMAND}|how (?:many|often|did|have)|what's|which)\\b(?!\\s+(?:it|them|this|that)\\b))|[,;]\\s+(?=${COMMAND}\\s+(?:the|our|my|an?)\\b)`;
const BOUNDARY = new RegExp(`\\n+|${SENTENCE_END}|${NEXT_COMMAND}`, "gu");

/** Signs of lists. */
const BULLET = /^(?:[-*•–]|\d{1,2}[.)])\s+/;

export function cutClauses(message: Text): Clause[] {
  const clauses: Clause[] = [];
  let start = 0;
  for (const { index, 0: gap } of message.plain.matchAll(BOUNDARY)) {
    clauses.push(...toClause(message, start, index));
    start = index + gap.length;
  }
  return [...clauses, ...toClause(message, start, message.plain.length)];
}

function toClause(message: Text, from: number, end: number): Clause[] {
  const piece = message.plain.slice(from, end);
  const indent = piece.length - piece.trimStart().length;
  const bullet = BULLET.exec(piece.trimStart())?.[0].length ?? 0;
  const bare = from + indent + bullet;
  const polite = skipPoliteness(message.plain.slice(bare, end));
  const start = bare + polite;
  const text = cut(message, start, end);
  if (!/[\p{L}\p{N}▪]/u.test(text.plain)) return [];
  return [{ text, start, end, rest: cut(message, start), isPolite: polite > 0 }];
}
