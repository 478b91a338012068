/** Results as JUnit XML, which CI services read: a suite for each file, a case for each scenario. Pure. */
import { toProblemLines } from "./lines.ts";
import { countPassed, findProblems, totalMs, type Outcome, type Result } from "./results.ts";
import { renderXml, type Element } from "./xml.ts";

const ELEMENTS: Readonly<Record<Exclude<Outcome, "passed">, string>> = {
  failed: "failure",
  error: "error",
  interrupted: "skipped",
};

export function toJunit(results: readonly Result[]): string {
  const byFile = Map.groupBy(results, ({ scenario }) => scenario.position.file);
  const suites = [...byFile].map(([file, results]): Element => ({
    name: "testsuite",
    attributes: { name: file, ...counts(results) },
    children: results.map(toCase),
  }));
  return renderXml({
    name: "testsuites",
    attributes: { name: "lex-chat e2e", ...counts(results) },
    children: suites,
  });
}

function counts(results: readonly Result[]): Record<string, string | number> {
  const count = (outcome: Outcome): number =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    tests: results.length,
    failures: count("failed"),
    errors: count("error"),
    skipped: count("interrupted"),
    time: seconds(results.reduce((sum, result) => sum + totalMs(result), 0)),
  };
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

function toCase(result: Result): Element {
  const { scenario, attempts, outcome } = result;
  const { file } = scenario.position;
  const text = toProblemLines(result, (_, text) => text).join("\n");
  const rate = `${countPassed(result)} of ${attempts.length} attempts passed`;
  const children: Element[] = [];
  if (outcome !== "passed") {
    const message = attempts.length > 1 ? rate : sumUp(result);
    children.push({ name: ELEMENTS[outcome], attributes: { message, type: outcome }, text });
  } else if (text !== "") {
    // Often enough: what went wrong in the others is worth knowing all the same.
    children.push({ name: "system-out", attributes: {}, text: `${rate}\n${text}` });
  }
  const attributes = { name: scenario.name, classname: file, file, time: seconds(totalMs(result)) };
  return { name: "testcase", attributes, children };
}

function sumUp(result: Result): string {
  const [problem] = findProblems(result);
  if (!problem) return "interrupted";
  const { failures, error } = problem.exchange;
  const expected = failures.map(({ expected }) => expected).join(", ");
  return error ?? `expected ${expected}`;
}
