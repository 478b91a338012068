/** One message and its answer, judged. */
import { CommandError } from "../cli/errors.ts";
import { explained, type Asked } from "../cli/explain.ts";
import type { Failure, HeardAnswer, Test } from "./checks.ts";
import type { Position } from "./entry.ts";

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

export const isFine = ({ failures, error }: Exchange): boolean =>
  failures.length === 0 && error === null;

type Told<Heard> = { position: Position; say: string | null; tests: ReadonlyArray<Test<Heard>> };

/** Judges what `hear` brings; that a platform or its agent fails is an error of the exchange. */
export async function exchangeOf<Heard extends HeardAnswer>(
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
