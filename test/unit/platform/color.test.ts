import { expect, test } from "vitest";
import { parseColor } from "../../../demo/platform/manager/color.ts";

test.each<[string, string | undefined]>([
  ["#2563EB", "#2563EB"],
  ["#25e", "#25e"],
  ["#25e.", "#25e"],
  [" teal ", "#008080"],
  ["RebeccaPurple", "#663399"],
  ["dark blue", "#00008b"],
  ["light sea-green", "#20b2aa"],
  ["a friendly teal, please", "#008080"],
  ["#2563E", undefined],
  ["#ggg", undefined],
  ["#12345678", undefined],
  ["blurple", undefined],
  ["red or blue", undefined],
  ["constructor", undefined],
  ["", undefined],
])("%j is %j", (text, color) => {
  expect(parseColor(text)).toBe(color);
});
