/** What a scenario file holds. The table here is all that says what it may be. Pure. */
import {
  ANSWER_CHECKS,
  CUSTOMER_CHECKS,
  HISTORY_CHECKS,
  type HeardAnswer,
  type HeardHistory,
  type Test,
} from "./checks.ts";
import type { Position } from "./entry.ts";
import { listOf, text, type Kind } from "./kinds.ts";
import { mapping, type Field, type Shape } from "./mapping.ts";

/** A message, and what its answer has to be. */
export type Question = {
  position: Position;
  say: string;
  tests: ReadonlyArray<Test<HeardAnswer>>;
};

export type HistoryCheck = { position: Position; tests: ReadonlyArray<Test<HeardHistory>> };

export type Scenario = {
  position: Position;
  name: string;
  /** To the configuration agent, before. */
  setup: readonly Question[];
  /** To the customers' agent. */
  steps: readonly Question[];
  history: HistoryCheck | null;
  /** To the configuration agent, afterwards. */
  review: readonly Question[];
};

type Tests<Heard> = Record<string, Field<Test<Heard>>>;

function questionOf(noun: string, says: string, checks: Tests<HeardAnswer>): Kind<Question> {
  const say = { kind: text, help: says, required: says } satisfies Field<string>;
  const shape: { say: Field<string> } & Record<string, Field<unknown>> = { say, ...checks };
  return mapping(noun, shape, ({ say, ...values }, position) => ({
    position,
    say: say as string,
    tests: toTests<HeardAnswer>(values),
  }));
}

const toTests = <Heard>(values: Readonly<Record<string, unknown>>): Array<Test<Heard>> =>
  Object.values(values).filter((value) => typeof value === "function") as Array<Test<Heard>>;

const history: Kind<HistoryCheck> = mapping("history", HISTORY_CHECKS, (values, position) => ({
  position,
  tests: toTests<HeardHistory>(values),
}));

export const SCENARIO = {
  name: { kind: text, help: "what it shows; it appears in the results", required: "what it shows" },
  setup: {
    kind: listOf(questionOf("a message of setup", "what the owner writes", ANSWER_CHECKS)),
    only: "Lexey",
    help: "messages to the configuration agent, before; on Lexey",
  },
  steps: {
    kind: listOf(questionOf("a step", "what the customer writes", CUSTOMER_CHECKS)),
    help: "messages of a customer, in one conversation",
    required: "what the customer writes",
  },
  history: {
    kind: history,
    help: "checks on what the platform has kept of the conversation: the agent's words, all together",
  },
  review: {
    kind: listOf(questionOf("a question of review", "what the owner asks", ANSWER_CHECKS)),
    only: "Lexey",
    help: "questions to the configuration agent, afterwards; on Lexey",
  },
} satisfies Shape;

export const scenario: Kind<Scenario> = mapping(
  "a scenario",
  SCENARIO,
  ({ name, setup, steps, history, review }, position) => ({
    position,
    name: name ?? "",
    setup: setup ?? [],
    steps: steps ?? [],
    history,
    review: review ?? [],
  }),
);

/** Whether it can fail by what the agent says: a setup alone is no test of it. */
export const isChecked = ({ steps, history, review }: Scenario): boolean =>
  [...steps, ...review, ...(history ? [history] : [])].some(({ tests }) => tests.length > 0);

/** Every check, wherever it may stand. */
export const CHECKS: Shape = { ...CUSTOMER_CHECKS, ...HISTORY_CHECKS };
