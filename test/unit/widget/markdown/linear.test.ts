import { describe, expect, it } from "vitest";
import { createBlocks } from "../../../../widget/markdown/blocks.ts";
import { createCharacters } from "../../../../widget/markdown/characters.ts";

/** Less than this, in microseconds, the clock can't tell. */
const CLOCK = 5000;

function ignore(): void {}

/** CPU time of this thread, in microseconds: a busy machine doesn't count. */
function costOf(text: string): number {
  const blocks = createBlocks({ open: ignore, close: ignore, text: ignore });
  const characters = createCharacters(blocks.write);
  const before = process.threadCpuUsage();
  for (const character of text) characters.append(character);
  characters.end();
  blocks.end();
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}

describe("a text of one character at a time", () => {
  const patterns: [what: string, pattern: string][] = [
    ["prose", "Plain **bold** text with `code` and [a link](https://example.com/x) in it. "],
    ["one long word", "x"],
    ["nothing but blanks", " "],
    ["unclosed emphasis", "*a _b **c "],
    ["closers without openers", "[a* "],
    ["unclosed brackets", "["],
    ["unclosed targets", "[a]((((("],
    ["unclosed backticks", "`a``b```c"],
    ["nothing but asterisks", "*"],
    ["unclosed tags", "<a"],
    ["addresses", "(https://a.b/)))) "],
    ["quotes in quotes", "> > > a\n"],
    ["nothing but quote signs", ">"],
    ["rows", "| a | b |\n|---|---|\n"],
    ["one endless row", "|"],
    ["fences", "```\na\n"],
  ];
  it.each(patterns)(
    "costs in proportion to its length: %s",
    (_what, pattern) => {
      const quarter = pattern.repeat(20_000 / pattern.length);
      costOf(quarter);
      const small = Math.max(CLOCK, Math.min(costOf(quarter), costOf(quarter)));
      // Quadratic work would cost sixteen times as much.
      expect(costOf(quarter.repeat(4)) / small).toBeLessThan(10);
    },
    20_000,
  );
});
