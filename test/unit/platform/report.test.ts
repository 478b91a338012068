import { expect, test } from "vitest";
import { createReport, quantile } from "../../../demo/platform/manager/report.ts";
import type { AnswerCounts, Interval } from "../../../demo/platform/storage/answers.ts";

const NONE: AnswerCounts = {
  conversations: 0,
  messages: 0,
  escalations: 0,
  unanswered: [],
  firstTokenMs: [],
};

const report = (counts: Partial<AnswerCounts>, asked: Interval[] = []) =>
  createReport(
    {
      count: (_account, interval) => {
        asked.push(interval);
        return { ...NONE, messages: 1, ...counts };
      },
    },
    "acme",
    () => new Date("2026-03-04T15:30:00.000Z"),
  );

test("a report asks for its interval", () => {
  const asked: Interval[] = [];
  report({}, asked)({ kind: "previous", unit: "day" });

  expect(asked).toEqual([{ from: "2026-03-03T00:00:00.000Z", until: "2026-03-04T00:00:00.000Z" }]);
});

test("times are shown in milliseconds or seconds, and as a dash without an answer", () => {
  const period = { kind: "current", unit: "day" } as const;

  expect(report({ firstTokenMs: [120, 340.4, 2500] })(period)).toMatch(
    /median: \*\*340 ms\*\*\n- .*p95: \*\*2\.5 s\*\*/,
  );
  expect(report({})(period)).toContain("median: **–**");
});

test("the five questions that were asked most are listed, long ones by their beginning", () => {
  const unanswered = ["a?", "b?", "c?", "d?", "e?", `${"f".repeat(200)}?`, "A ?", "b"];
  const text = report({ unanswered })({ kind: "current", unit: "day" });

  expect(text).toContain("- Unanswered questions: **8**");
  expect(text).toContain("- a? (2×)\n- b? (2×)\n- c?\n- d?\n- e?");
  expect(text).not.toContain("fff");
  expect(report({ unanswered: ["f".repeat(200)] })({ kind: "current", unit: "day" })).toContain(
    `- ${"f".repeat(119)}…`,
  );
});

test.each([
  [[], 0.5, null],
  [[7], 0.95, 7],
  [[3, 1, 2], 0.5, 2],
  [[4, 1, 3, 2], 0.5, 2],
  [Array.from({ length: 100 }, (_, index) => index + 1), 0.95, 95],
])("of %j the quantile %d is %j", (values, share, expected) => {
  expect(quantile(values, share)).toBe(expected);
});
