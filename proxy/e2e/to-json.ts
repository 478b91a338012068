/** Results as JSON, for programs. Pure. */
import type { Attempt } from "./attempt.ts";
import type { Exchange } from "./exchange.ts";
import { countPassed, isPassed, totalMs, type Result } from "./results.ts";

const seconds = (milliseconds: number): number => Math.round(milliseconds) / 1000;

export const toReport = (results: readonly Result[]) => ({
  passed: results.every(({ outcome }) => outcome === "passed"),
  scenarios: results.map((result) => ({
    name: result.scenario.name,
    file: result.scenario.position.file,
    line: result.scenario.position.line,
    outcome: result.outcome,
    passed: countPassed(result),
    seconds: seconds(totalMs(result)),
    setup: result.setup.map(toExchange),
    attempts: result.attempts.map(toAttempt),
  })),
});

const toAttempt = (attempt: Attempt) => ({
  passed: isPassed(attempt),
  conversationId: attempt.conversationId,
  seconds: seconds(attempt.milliseconds),
  exchanges: attempt.exchanges.map(toExchange),
});

const toExchange = ({ position, milliseconds, isEscalated, ...exchange }: Exchange) => ({
  line: position.line,
  ...exchange,
  escalated: isEscalated,
  seconds: seconds(milliseconds),
});
