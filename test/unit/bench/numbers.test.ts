import { describe, expect, it, test } from "vitest";
import { formatKilobytes, formatMegabytes, formatNumber, formatRatio } from "../../bench/format.ts";
import { median } from "../../bench/statistics.ts";

test.each([
  [0, "0.00"],
  [0.421, "0.42"],
  [9.994, "9.99"],
  [9.996, "10.0"],
  [27.25, "27.3"],
  [99.96, "100"],
  [1204.4, "1,204"],
  [-5.6789, "-5.68"],
  [null, "n/a"],
  [Number.NaN, "n/a"],
])("%s is shown as %s", (value, shown) => {
  expect(formatNumber(value)).toBe(shown);
});

test("bytes are shown in decimal units", () => {
  expect([formatKilobytes(1500), formatMegabytes(1_500_000), formatMegabytes(null)]).toEqual([
    "1.50",
    "1.50",
    "n/a",
  ]);
});

test.each([
  [12, 8, "1.50×"],
  [8, 8, "1.00×"],
  [8, 0, "n/a"],
  [null, 8, "n/a"],
  [8, null, "n/a"],
])("%s of %s is %s", (value, baseline, shown) => {
  expect(formatRatio(value, baseline)).toBe(shown);
});

describe("median", () => {
  it.each([
    [[7], 7],
    [[10, 9, 100], 10],
    [[4, 1, 3, 2], 2.5],
  ])("of %j is %d", (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  it("leaves the values in their order", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it("of nothing is an error", () => {
    expect(() => median([])).toThrow("no values");
  });
});
