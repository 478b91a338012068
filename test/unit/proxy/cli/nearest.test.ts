import { expect, test } from "vitest";
import { findNearest } from "../../../../proxy/cli/nearest.ts";

const NAMES = ["serve", "chat", "manage", "webhook", "conversations", "snippet", "doctor"];

test.each([
  ["chta", "chat"],
  ["cht", "chat"],
  ["CHAT", "chat"],
  ["mange", "manage"],
  ["webhok", "webhook"],
  ["conversatoin", "conversations"],
  ["docter", "doctor"],
  ["snip", "snippet"],
])("%j is taken for %j", (typed, name) => {
  expect(findNearest(typed, NAMES)).toBe(name);
});

test.each(["", "x", "c", "configure", "start"])("%j is taken for none", (typed) => {
  expect(findNearest(typed, NAMES)).toBeNull();
});
