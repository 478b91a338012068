import { expect, it } from "vitest";
import { readDelimiterRow, splitRow } from "../../../../widget/markdown/table.ts";

it.each([
  ["| a | b |", ["a", "b"]],
  ["|a|b", ["a", "b"]],
  ["a|b|", ["a", "b"]],
  ["|| a |", ["", "a"]],
  ["| a |  |", ["a", ""]],
  ["| a \\| b |", ["a | b"]],
  ["| a \\|", ["a |"]],
  ["|", []],
])("splits %j into %j", (row, cells) => {
  expect(splitRow(row)).toEqual(cells);
});

it.each([
  ["|---|:-:|--:|:--|", ["", "center", "right", "left"]],
  ["- | -", ["", ""]],
  ["|---", [""]],
  ["---", undefined],
  ["|", undefined],
  ["| - a |", undefined],
  ["|::|", undefined],
])("reads the alignments of %j as %j", (row, alignments) => {
  expect(readDelimiterRow(row)).toEqual(alignments);
});
