import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";
import { paceTokens, splitTokens } from "../../../demo/platform/agent/tokens.ts";

test("tokens joined are the text", () => {
  assert(property(string({ unit: "binary" }), (text) => splitTokens(text).join("") === text));
});

test("a word keeps the blank before it, long words and punctuation are cut", () => {
  expect(splitTokens("Shipping is €4.90, really.\n")).toEqual([
    "Shipp",
    "ing",
    " is",
    " €",
    "4",
    ".",
    "90",
    ",",
    " reall",
    "y",
    ".",
    "\n",
  ]);
});

test("an emoji outside the basic plane is never cut in two", () => {
  expect(splitTokens("☕🫘🫘🫘🫘").every((token) => token.isWellFormed())).toBe(true);
});

test("tokens come at the rate that was asked for", async () => {
  const start = performance.now();
  let count = 0;
  for await (const _ of paceTokens("word ".repeat(40), 400, new AbortController().signal)) count++;
  const expected = (count / 400) * 1000;

  expect(performance.now() - start).toBeGreaterThan(expected * 0.6);
});

test("an abort ends the waiting", async () => {
  const abort = new AbortController();
  const reading = paceTokens("one two", 1, abort.signal).next();
  abort.abort();

  await expect(reading).rejects.toThrow("aborted");
});
