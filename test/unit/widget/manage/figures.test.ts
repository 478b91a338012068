import { expect, test } from "vitest";
import type { HistoryResponse } from "../../../../proxy/protocol.ts";
import {
  describeAt,
  toClock,
  toFigures,
  toSeconds,
} from "../../../../widget/manage/state/figures.ts";

const history: HistoryResponse = {
  minutes: [1_700_000_040, 1_700_000_100, 1_700_000_160],
  messages: [3, 0, 4],
  errors: [0, 1, 0],
  viewers: [2, 9, 5],
  firstTextMedian: [0.3, 0.5, null],
  firstTextP95: [0.4, 2.25, null],
  openViewers: 5,
};
const shown = (given: HistoryResponse) =>
  toFigures(given).map(({ title, value, note, isBad }) => [title, value, note, isBad ?? false]);

test("the last hour in four numbers", () => {
  expect(shown(history)).toEqual([
    ["Messages", "7", "in the last hour", false],
    ["Time to first token", "0.50 s", "latest median, p95 2.3 s", false],
    ["Open viewers", "5", "now, up to 9 in the last hour", false],
    ["Errors", "1", "in the last hour", true],
  ]);
});

test("a proxy that has done nothing yet", () => {
  const nothing = { messages: [0], errors: [0], viewers: [0], openViewers: 0 };
  const times = { minutes: [1_700_000_040], firstTextMedian: [null], firstTextP95: [null] };
  expect(shown({ ...nothing, ...times })).toEqual([
    ["Messages", "0", "in the last hour", false],
    ["Time to first token", "–", "no answer in the last hour", false],
    ["Open viewers", "0", "now, up to 0 in the last hour", false],
    ["Errors", "0", "in the last hour", false],
  ]);
});

test("what a plot says in one minute", () => {
  const [messages, times] = toFigures(history);
  if (!messages || !times) throw new Error("two figures are missing");
  expect(describeAt(messages, 2)).toBe(`${toClock(1_700_000_160)} · 4`);
  expect(describeAt(times, 1)).toBe(`${toClock(1_700_000_100)} · Median 0.50 s, p95 2.3 s`);
  expect(describeAt(times, 2)).toBe("");
  expect(describeAt(times, 3)).toBe("");
});

test.each([
  [0.034, "0.03 s"],
  [1.26, "1.3 s"],
  [45.2, "45 s"],
])("%d seconds are written as %s", (seconds, text) => {
  expect(toSeconds(seconds)).toBe(text);
});
