/** What came of a scenario, for people. Pure; what agents wrote can't control the terminal. */
import { toLine, toPrintable } from "../cli/printable.ts";
import type { Style } from "../cli/terminal.ts";
import type { Failure } from "./checks.ts";
import { describeTime } from "./duration.ts";
import { toPlace } from "./entry.ts";
import {
  countPassed,
  findProblems,
  totalMs,
  type Outcome,
  type Problem,
  type Result,
} from "./results.ts";

/** A text in a style, where there are any. */
export type Paint = (style: Style, text: string) => string;

const STYLES: Readonly<Record<Outcome, Style>> = {
  passed: "green",
  failed: "red",
  error: "red",
  interrupted: "yellow",
};
const OUTCOME_WIDTH = 11;
const NAME_WIDTH = 10;
const MAX_SAID_CHARACTERS = 60;
const MAX_ANSWER_LINES = 20;
/** Attempts that went wrong in much the same way are not all told. */
const MAX_PROBLEMS = 3;

export function toLines(result: Result, paint: Paint): string[] {
  const { scenario, attempts, outcome } = result;
  const rate = attempts.length > 1 ? `${countPassed(result)} of ${attempts.length}, ` : "";
  const time = paint("dim", `${rate}${describeTime(totalMs(result))}`);
  const word = paint(STYLES[outcome], outcome.padEnd(OUTCOME_WIDTH));
  return [`${word} ${toLine(scenario.name)}  ${time}`, ...toProblemLines(result, paint)];
}

/** What went wrong, each with what was said and what came back; nothing when all went well. */
export function toProblemLines(result: Pick<Result, "setup" | "attempts">, paint: Paint): string[] {
  const problems = findProblems(result);
  const lines = problems
    .slice(0, MAX_PROBLEMS)
    .flatMap((problem) => toProblem(problem, result.attempts.length, paint));
  const more = problems.length - MAX_PROBLEMS;
  return more > 0 ? [...lines, `  and ${more} more attempts that did not pass`] : lines;
}

function toProblem({ attempt, exchange }: Problem, attempts: number, paint: Paint): string[] {
  const { phase, position, say, answer, failures, error } = exchange;
  const said = say === null ? "" : `: ${JSON.stringify(toLine(say, MAX_SAID_CHARACTERS))}`;
  const which = attempt !== null && attempts > 1 ? `, attempt ${attempt}` : "";
  return [
    `  ${paint("dim", `${toPlace(position)} ${phase}${which}`)}${said}`,
    ...failures.flatMap(toRows(paint)),
    ...(error === null ? toAnswer(answer) : [row("error", toLine(error))]),
  ];
}

const row = (name: string, text: string): string => `    ${name.padEnd(NAME_WIDTH)}${text}`;

const toRows =
  (paint: Paint) =>
  ({ expected, found }: Failure): string[] => {
    const wanted = row("expected", paint("bold", toLine(expected)));
    return found === null ? [wanted] : [wanted, row("found", toLine(found))];
  };

function toAnswer(answer: string): string[] {
  const lines = (toPrintable(answer).trim() || "(none)").split("\n");
  const shown = lines.slice(0, MAX_ANSWER_LINES);
  if (lines.length > shown.length) shown.push(`… and ${lines.length - shown.length} more lines`);
  return shown.map((line, index) => row(index === 0 ? "answer" : "", line).trimEnd());
}

/** One line about all of them. */
export function summarise(results: readonly Result[], milliseconds: number): string {
  const count = (outcome: Outcome): number =>
    results.filter((result) => result.outcome === outcome).length;
  const others = (["failed", "error", "interrupted"] as const)
    .filter((outcome) => count(outcome) > 0)
    .map((outcome) => `${count(outcome)} ${outcome}`);
  const all = `${count("passed")} of ${results.length} scenarios passed`;
  return `${[all, ...others].join(", ")}  (${describeTime(milliseconds)})`;
}
