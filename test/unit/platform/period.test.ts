import { describe, expect, test } from "vitest";
import {
  describePeriod,
  findPeriod,
  toInterval,
  type Period,
} from "../../../demo/platform/manager/period.ts";

const last = (count: number, unit: "hour" | "day" | "week" | "month" | "year"): Period => ({
  kind: "last",
  count,
  unit,
});

test.each<[string, Period | undefined]>([
  ["over the last 7 days", last(7, "day")],
  ["in the past week", last(1, "week")],
  ["the last three months", last(3, "month")],
  ["over the past couple of weeks", last(2, "week")],
  ["last 24 hours", last(24, "hour")],
  ["the last 0 days", last(1, "day")],
  ["the last 999999 days", last(3660, "day")],
  ["last week", { kind: "previous", unit: "week" }],
  ["this month", { kind: "current", unit: "month" }],
  ["today", { kind: "current", unit: "day" }],
  ["yesterday", { kind: "previous", unit: "day" }],
  ["at last we have days off", undefined],
  ["in May", undefined],
])("%s is found", (text, period) => {
  expect(findPeriod(text)).toEqual(period);
});

describe("on Wednesday 4 March 2026, 15:30", () => {
  const now = new Date("2026-03-04T15:30:00.000Z");
  test.each<[Period, string, string, string]>([
    [last(7, "day"), "the last 7 days", "2026-02-25T15:30:00.000Z", "2026-03-04T15:30:00.001Z"],
    [last(1, "hour"), "the last hour", "2026-03-04T14:30:00.000Z", "2026-03-04T15:30:00.001Z"],
    [last(1, "month"), "the last month", "2026-02-04T15:30:00.000Z", "2026-03-04T15:30:00.001Z"],
    [
      { kind: "current", unit: "week" },
      "this week",
      "2026-03-02T00:00:00.000Z",
      "2026-03-04T15:30:00.001Z",
    ],
    [
      { kind: "previous", unit: "week" },
      "last week",
      "2026-02-23T00:00:00.000Z",
      "2026-03-02T00:00:00.000Z",
    ],
    [
      { kind: "previous", unit: "day" },
      "yesterday",
      "2026-03-03T00:00:00.000Z",
      "2026-03-04T00:00:00.000Z",
    ],
    [
      { kind: "previous", unit: "month" },
      "last month",
      "2026-02-01T00:00:00.000Z",
      "2026-03-01T00:00:00.000Z",
    ],
  ])("%o is %s, from %s to %s", (period, words, from, until) => {
    expect(describePeriod(period)).toBe(words);
    expect(toInterval(period, now)).toEqual({ from: new Date(from), until: new Date(until) });
  });
});
