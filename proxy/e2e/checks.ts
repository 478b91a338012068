/** What a scenario can check, each in one place: its value, its help, its verdict. Pure. */
import { describeTime } from "./duration.ts";
import { says } from "./fold.ts";
import { count, duration, flag, oneOrMore, pattern, text, type Kind } from "./kinds.ts";
import type { Field } from "./mapping.ts";

/** `found` is null where the text itself shows it. */
export type Failure = { expected: string; found: string | null };

/** Judges; empty when all is as it should be. */
export type Test<Heard> = (heard: Heard) => Failure[];

type Text = { text: string };
export type HeardAnswer = Text & {
  milliseconds: number;
  tools: readonly string[];
  /** A person has taken over, now or earlier in this conversation. */
  isEscalated: boolean;
};
/** The text is what the agent has said in all. */
export type HeardHistory = Text & { messages: number };

/** A kind whose values judge. */
const judging = <Value, Heard>(
  kind: Kind<Value>,
  judge: (wanted: Value, heard: Heard) => Failure[],
): Kind<Test<Heard>> => ({
  schema: kind.schema,
  read(entry) {
    const wanted = kind.read(entry);
    return wanted === null ? null : (heard) => judge(wanted, heard);
  },
});

const quote = (text: string): string => JSON.stringify(text);

/** Without the flag that is always there. */
const showPattern = (pattern: RegExp): string => pattern.toString().replace(/u$/, "");

const failUnless = (isRight: boolean, expected: string, found: string | null): Failure[] =>
  isRight ? [] : [{ expected, found }];

const TEXT_CHECKS = {
  contains: {
    help: "text that it has, or a list of texts that it has all; case and kinds of white space, quotes and dashes don't count, nor does Markdown's emphasis",
    kind: judging(oneOrMore(text), (wanted, heard: Text) =>
      wanted.flatMap((text) => failUnless(says(heard.text, text), `contains ${quote(text)}`, null)),
    ),
  },
  "not-contains": {
    help: "text that it does not have, or a list of texts of which it has none",
    kind: judging(oneOrMore(text), (unwanted, heard: Text) =>
      unwanted.flatMap((text) =>
        failUnless(!says(heard.text, text), `not-contains ${quote(text)}`, null),
      ),
    ),
  },
  matches: {
    help: "regular expression that fits the text as it was written, or a list of them: /free from €\\d+/i",
    kind: judging(oneOrMore(pattern), (wanted, heard: Text) =>
      wanted.flatMap((pattern) =>
        failUnless(pattern.test(heard.text), `matches ${showPattern(pattern)}`, null),
      ),
    ),
  },
} satisfies Record<string, Field<Test<Text>>>;

/** Of every answer. */
export const ANSWER_CHECKS = {
  ...TEXT_CHECKS,
  within: {
    help: "time from the message to the end of its answer: 10s, 500ms, 2min",
    kind: judging(duration, (limit, { milliseconds }: HeardAnswer) =>
      failUnless(
        milliseconds <= limit,
        `within ${describeTime(limit)}`,
        describeTime(milliseconds),
      ),
    ),
  },
} satisfies Record<string, Field<Test<HeardAnswer>>>;

/** Of an answer to a customer. */
export const CUSTOMER_CHECKS = {
  ...ANSWER_CHECKS,
  escalated: {
    only: "Lexey",
    help: "in steps, on Lexey: true when a person has taken over by then, false when none has",
    kind: judging(flag, (wanted, { isEscalated }: HeardAnswer) =>
      failUnless(isEscalated === wanted, `escalated: ${wanted}`, String(isEscalated)),
    ),
  },
  "uses-tool": {
    only: "Lex",
    help: "in steps, on Lex: name of a tool that the agent uses for it, or a list of them",
    kind: judging(oneOrMore(text), (wanted, { tools }: HeardAnswer) =>
      wanted.flatMap((name) =>
        failUnless(
          tools.includes(name),
          `uses-tool ${name}`,
          tools.length === 0 ? "no tool" : [...new Set(tools)].join(", "),
        ),
      ),
    ),
  },
} satisfies Record<string, Field<Test<HeardAnswer>>>;

/** Of what the platform has kept of a conversation. */
export const HISTORY_CHECKS = {
  ...TEXT_CHECKS,
  messages: {
    help: "in history: number of messages, of both sides",
    kind: judging(count, (wanted, { messages }: HeardHistory) =>
      failUnless(messages === wanted, `messages: ${wanted}`, String(messages)),
    ),
  },
} satisfies Record<string, Field<Test<HeardHistory>>>;
