import { expect, test } from "vitest";
import { renderTable } from "../../bench/table.ts";

test("names stand to the left, values to the right, under a title", () => {
  const rows = [
    ["a", "1.00", "9"],
    ["much longer", "1,204", "10"],
  ] as const;
  expect(renderTable("Times", ["", "ms", "×"], rows).split("\n")).toEqual([
    "Times",
    "",
    "                ms   ×",
    "-----------  -----  --",
    "a             1.00   9",
    "much longer  1,204  10",
  ]);
});

test("a sign of two UTF-16 units takes one place", () => {
  const [, , , rule] = renderTable("", ["", "ms"], [["💬", "1"]]).split("\n");
  expect(rule).toBe("-  --");
});

test("a table without rows is its header", () => {
  expect(renderTable("Times", ["system", "ms"], [])).toBe("Times\n\nsystem  ms\n------  --");
});
