/** Plays a scenario once: its messages, one after the other, until one of them goes wrong. */
import type { Access } from "../cli/access.ts";
import { isStopped, type Dialogue } from "../cli/dialogue.ts";
import { CommandError, Interruption } from "../cli/errors.ts";
import { explained, type Asked } from "../cli/explain.ts";
import type { Failure, HeardAnswer, Test } from "./checks.ts";
import { describeTime } from "./duration.ts";
import type { Position } from "./entry.ts";
import type { Question, Scenario } from "./scenario.ts";

export type Phase = "setup" | "steps" | "history" | "review";

/** What was said, what came back, and what is wrong with it. */
export type Exchange = {
  phase: Phase;
  position: Position;
  /** Null for the history, which is only read. */
  say: string | null;
  answer: string;
  milliseconds: number;
  isEscalated: boolean;
  tools: readonly string[];
  failures: readonly Failure[];
  /** Why there is no answer. */
  error: string | null;
};

export type Attempt = {
  conversationId: string | null;
  exchanges: readonly Exchange[];
  milliseconds: number;
};

/** Opens a conversation of its own each time. */
export type Agents = {
  customer: () => Promise<Access>;
  management: () => Promise<Access>;
};

export type Playing = {
  agents: Agents;
  /** How long an answer may take. */
  timeoutMs: number;
  signal: AbortSignal;
  /** `place` as in `step 2 of 3`. */
  onAsk: (place: string) => void;
};

export const isFine = ({ failures, error }: Exchange): boolean =>
  failures.length === 0 && error === null;

/** Rejects with an `Interruption`. */
export async function setUp({ setup }: Scenario, playing: Playing): Promise<Exchange[]> {
  return setup.length === 0
    ? []
    : askAll(setup, { phase: "setup", access: await playing.agents.management(), playing });
}

/** Everything but the setup. Rejects with an `Interruption`. */
export async function attempt(scenario: Scenario, playing: Playing): Promise<Attempt> {
  const startedAt = performance.now();
  const access = await playing.agents.customer();
  const exchanges = await askAll(scenario.steps, { phase: "steps", access, playing });
  const goesOn = (): boolean => exchanges.every(isFine);
  if (goesOn() && scenario.history !== null)
    exchanges.push(await readHistory(scenario.history, access, playing.signal));
  if (goesOn() && scenario.review.length > 0) {
    const management = await playing.agents.management();
    const phase = "review";
    exchanges.push(...(await askAll(scenario.review, { phase, access: management, playing })));
  }
  const conversationId = access.dialogue.conversationId();
  return { conversationId, exchanges, milliseconds: performance.now() - startedAt };
}

type Asking = { phase: Phase; access: Access; playing: Playing };

const NOUNS: Readonly<Record<Phase, string>> = {
  setup: "setup",
  steps: "step",
  history: "history",
  review: "review",
};

/** Ends with the first that is not fine: the later ones were written for another conversation. */
async function askAll(questions: readonly Question[], asking: Asking): Promise<Exchange[]> {
  const { phase, access, playing } = asking;
  const exchanges: Exchange[] = [];
  let wasEscalated = false;
  for (const [index, question] of questions.entries()) {
    playing.onAsk(`${NOUNS[phase]} ${index + 1} of ${questions.length}`);
    const exchange = await exchangeOf(question, phase, access.asked, async () => {
      const heard = await ask(question.say, access.dialogue, playing);
      wasEscalated ||= heard.isEscalated;
      return { ...heard, isEscalated: wasEscalated };
    });
    exchanges.push(exchange);
    if (!isFine(exchange)) break;
  }
  return exchanges;
}

/** Rejects with a `CommandError` when there is no answer in time. */
async function ask(say: string, dialogue: Dialogue, playing: Playing): Promise<HeardAnswer> {
  const { signal, timeoutMs } = playing;
  const startedAt = performance.now();
  const handlers = { onText: () => undefined, onNotice: () => undefined };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const { isStopped: isOver, ...answer } = await dialogue.ask(say, handlers, limit);
  if (signal.aborted) throw new Interruption("interrupted");
  if (isOver)
    throw new CommandError(`no answer within ${describeTime(timeoutMs)}`, "--timeout allows more");
  return { ...answer, milliseconds: performance.now() - startedAt };
}

const readHistory = (
  { position, tests }: NonNullable<Scenario["history"]>,
  { dialogue, asked }: Access,
  signal: AbortSignal,
): Promise<Exchange> =>
  exchangeOf({ position, say: null, tests }, "history", asked, async () => {
    const startedAt = performance.now();
    const reading = dialogue.history();
    if (
      await isStopped(
        reading.then(() => undefined),
        signal,
      )
    )
      throw new Interruption("interrupted");
    const all = await reading;
    const said = all.filter(({ role }) => role === "assistant").map(({ content }) => content);
    const milliseconds = performance.now() - startedAt;
    const heard = { text: said.join("\n\n"), milliseconds, tools: [], isEscalated: false };
    return { ...heard, messages: all.length };
  });

type Told<Heard> = { position: Position; say: string | null; tests: ReadonlyArray<Test<Heard>> };

/** Judges what `hear` brings; that a platform or its agent fails is an error of the exchange. */
async function exchangeOf<Heard extends HeardAnswer>(
  { position, say, tests }: Told<Heard>,
  phase: Phase,
  asked: Asked,
  hear: () => Promise<Heard>,
): Promise<Exchange> {
  const startedAt = performance.now();
  const common = { phase, position, say };
  try {
    const heard = await explained(asked, hear);
    const { text: answer, milliseconds, tools, isEscalated } = heard;
    const failures = tests.flatMap((test) => test(heard));
    return { ...common, answer, milliseconds, tools, isEscalated, failures, error: null };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return {
      ...common,
      answer: "",
      milliseconds: performance.now() - startedAt,
      tools: [],
      isEscalated: false,
      failures: [],
      error: error.fix === undefined ? error.message : `${error.message}: ${error.fix}`,
    };
  }
}
