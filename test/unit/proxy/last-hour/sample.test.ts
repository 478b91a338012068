import { expect, test } from "vitest";
import { createSample } from "../../../../proxy/last-hour/sample.ts";

test.each([
  [[], 0.5, null],
  [[7], 0.5, 7],
  [[7], 0.95, 7],
  [[3, 1, 2], 0.5, 2],
  [[4, 3, 2, 1], 0.5, 2],
  [[10, 1, 9, 2, 8, 3, 7, 4, 6, 5], 0.95, 10],
])("of %j the quantile %d is %j", (values, share, expected) => {
  const sample = createSample();
  for (const value of values) sample.add(value);
  expect(sample.quantile(share)).toBe(expected);
});

test("of very many values those kept are drawn from all of them", () => {
  // Spread evenly, and the same in each run.
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const sample = createSample(random);
  for (let index = 1; index <= 100_000; index += 1) sample.add(index);
  expect(sample.quantile(0.5)).toBeGreaterThan(35_000);
  expect(sample.quantile(0.5)).toBeLessThan(65_000);
  expect(sample.quantile(0)).toBeLessThan(10_000);
  expect(sample.quantile(1)).toBeGreaterThan(90_000);
});
