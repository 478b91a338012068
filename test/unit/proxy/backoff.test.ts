import { expect, test } from "vitest";
import { backoffDelay } from "../../../proxy/relay/backoff.ts";

const backoff = { baseMs: 500, maxMs: 15_000 };

test.each([
  [0, 500],
  [1, 1000],
  [2, 2000],
  [4, 8000],
  [5, 15_000],
  [1000, 15_000],
])("before try %d it waits at most %d ms", (attempt, ceiling) => {
  expect(backoffDelay(attempt, backoff, () => 0.999_999)).toBe(ceiling);
});

test("the whole range below is used, so that callers spread out", () => {
  expect(backoffDelay(3, backoff, () => 0)).toBe(0);
  expect(backoffDelay(3, backoff, () => 0.5)).toBe(2000);
});

test("without a source of chance it is still within the range", () => {
  const delays = Array.from({ length: 100 }, () => backoffDelay(0, backoff));

  expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...delays)).toBeLessThanOrEqual(500);
  expect(new Set(delays).size).toBeGreaterThan(10);
});
