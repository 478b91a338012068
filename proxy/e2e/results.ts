/** What came of scenarios. Pure. */
import type { Attempt } from "./attempt.ts";
import { isFine, type Exchange } from "./exchange.ts";
import type { Scenario } from "./scenario.ts";

/** `failed`: an answer was not as it should be; `error`: there was none. */
export type Outcome = "passed" | "failed" | "error" | "interrupted";

export type Result = {
  scenario: Scenario;
  /** Once, whatever the number of attempts. */
  setup: readonly Exchange[];
  attempts: readonly Attempt[];
  outcome: Outcome;
};

export type Bar = {
  /** How often each scenario is played. */
  repeat: number;
  /** The share of attempts that has to pass, above 0 and at most 1. */
  passRate: number;
};

export const isPassed = ({ exchanges }: Pick<Attempt, "exchanges">): boolean =>
  exchanges.every(isFine);

export const countPassed = ({ attempts }: Pick<Result, "attempts">): number =>
  attempts.filter(isPassed).length;

/** `attempt` counts from 1; null for the setup. */
export type Problem = { attempt: number | null; exchange: Exchange };

/** The exchange that went wrong in the setup, or in each of the attempts. */
export function findProblems({ setup, attempts }: Pick<Result, "setup" | "attempts">): Problem[] {
  const all = [
    { attempt: null, exchanges: setup },
    ...attempts.map(({ exchanges }, index) => ({ attempt: index + 1, exchanges })),
  ];
  return all.flatMap(({ attempt, exchanges }) => {
    const exchange = exchanges.find((exchange) => !isFine(exchange));
    return exchange ? [{ attempt, exchange }] : [];
  });
}

export const totalMs = ({ setup, attempts }: Pick<Result, "setup" | "attempts">): number =>
  [...setup, ...attempts].reduce((sum, { milliseconds }) => sum + milliseconds, 0);

export function judge(result: Omit<Result, "outcome">, { repeat, passRate }: Bar): Outcome {
  const isFailed = findProblems(result).some(({ exchange }) => exchange.failures.length > 0);
  const wrong = isFailed ? "failed" : "error";
  if (!result.setup.every(isFine)) return wrong;
  if (result.attempts.length < repeat) return "interrupted";
  return countPassed(result) / repeat >= passRate ? "passed" : wrong;
}
