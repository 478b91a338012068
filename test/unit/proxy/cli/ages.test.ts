import { expect, test } from "vitest";
import { toAge, toMoment } from "../../../../proxy/cli/ages.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");

test.each([
  ["2026-11-22T11:59:30Z", "just now"],
  ["2026-11-22T11:58:30Z", "1 min ago"],
  ["2026-11-22T10:00:00.000Z", "2 h ago"],
  ["2026-11-19T11:00:00Z", "3 d ago"],
  // Clocks differ.
  ["2026-11-22T12:00:30Z", "just now"],
  ["yesterday", ""],
  [null, ""],
])("%j is %j", (time, age) => {
  expect(toAge(time, NOW)).toBe(age);
});

test("a moment is told in UTC, whatever its zone", () => {
  expect(toMoment("2026-11-22T12:00:59+02:00")).toBe("2026-11-22 10:00 UTC");
  expect(toMoment("yesterday")).toBe("");
});
