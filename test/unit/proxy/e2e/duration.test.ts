import { expect, test } from "vitest";
import { describeTime, parseDuration } from "../../../../proxy/e2e/duration.ts";

test.each([
  ["10s", 10_000],
  ["1.5 s", 1500],
  ["500ms", 500],
  ["2min", 120_000],
  ["1440min", 86_400_000],
])("%j is %i ms", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", "10", "s", "-1s", "0s", "0.2ms", "1h", "10 seconds", "1441min", "1e3s"])(
  "%j is no time",
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);

test.each([
  [40.4, "40 ms"],
  [1540, "1.5 s"],
  [60_000, "60.0 s"],
])("%f ms are told as %j", (milliseconds, text) => {
  expect(describeTime(milliseconds)).toBe(text);
});
