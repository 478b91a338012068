/** Plays a scenario once: its messages, one after the other, until one of them goes wrong. */
import type { Access } from "../cli/access.ts";
import { isStopped, type Dialogue } from "../cli/dialogue.ts";
import { CommandError, Interruption } from "../cli/errors.ts";
import type { HeardAnswer } from "./checks.ts";
import { describeTime } from "./duration.ts";
import { exchangeOf, isFine, type Exchange, type Phase } from "./exchange.ts";
import type { Question, Scenario } from "./scenario.ts";

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

/** Ends with the first that is not fine: the later ones were written for another conversation. */
async function askAll(questions: readonly Question[], asking: Asking): Promise<Exchange[]> {
  const { phase, access, playing } = asking;
  const exchanges: Exchange[] = [];
  const noun = phase === "steps" ? "step" : phase;
  let wasEscalated = false;
  for (const [index, question] of questions.entries()) {
    playing.onAsk(`${noun} ${index + 1} of ${questions.length}`);
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
    const all = await unlessInterrupted(dialogue.history(), signal);
    const said = all.filter(({ role }) => role === "assistant").map(({ content }) => content);
    const milliseconds = performance.now() - startedAt;
    const heard = { text: said.join("\n\n"), milliseconds, tools: [], isEscalated: false };
    return { ...heard, messages: all.length };
  });

async function unlessInterrupted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const end = work.then(() => undefined);
  if (await isStopped(end, signal)) throw new Interruption("interrupted");
  return work;
}
