import { expect, it } from "vitest";
import { readAlignments, splitRow } from "../../../../widget/markdown/table.ts";

it.each([
  ["| a | b |", ["a", "b"]],
  ["|a|b", ["a", "b"]],
  ["a|b|", ["a", "b"]],
  ["|| a |", ["", "a"]],
  ["| a |  |", ["a", ""]],
  ["| a \\| b |", ["a | b"]],
  ["| a \\|", ["a |"]],
  [" | a ", ["a"]],
])("splits %j into %j", (row, cells) => {
  expect(splitRow(row)).toEqual(cells);
});

it.each([
  ["|a|b|c|d|", "|---|:-:|--:|:--|", ["", "center", "right", ""]],
  ["|a|b", "- | -", ["", ""]],
  ["|a", "|---", [""]],
  ["|a", "---", undefined],
  ["|a|b|", "|-|", undefined],
  ["a|b", "-|-", undefined],
  ["|a", "|", undefined],
  ["|a", "| - a |", undefined],
  ["|a", "|::|", undefined],
  ["|a", undefined, undefined],
])("reads the alignments of a table from %j and %j as %j", (header, delimiters, alignments) => {
  expect(readAlignments(header, delimiters)).toEqual(alignments);
});
