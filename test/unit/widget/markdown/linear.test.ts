import { describe, expect, it } from "vitest";
import { parseBlocks } from "../../../../widget/markdown/blocks.ts";

/** Less than this, in microseconds, the clock can't tell. */
const CLOCK = 5000;

/** CPU time of this thread, in microseconds: a busy machine doesn't count. */
function costOf(text: string): number {
  const lines = text.split("\n");
  const before = process.threadCpuUsage();
  for (const isOpen of [true, false]) parseBlocks(lines, "Copy", isOpen);
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}

describe("a text", () => {
  const patterns: [what: string, pattern: string][] = [
    ["prose", "Plain **bold** text with `code` and [a link](https://example.com/x) in it. "],
    ["one long word", "x"],
    ["nothing but blanks", " "],
    ["blanks between words", "a                                                  "],
    ["nothing but empty lines", "\n"],
    ["unclosed emphasis", "*a _b **c "],
    ["closers without openers", "[a* "],
    ["openers, then closers", "*a _b* "],
    ["unclosed brackets", "["],
    ["unclosed images", "!["],
    ["unclosed targets", "[a]((((("],
    ["unclosed addresses", "[a](a"],
    ["unclosed titles", '[a](a "'],
    ["links in a label", "[a](b) ["],
    ["unclosed backticks", "`a``b```c"],
    ["backticks of all lengths", Array.from({ length: 60 }, (_, n) => "`".repeat(n)).join("a")],
    ["nothing but asterisks", "*"],
    ["unclosed tags", "<a"],
    ["references without ends", "&a"],
    ["addresses", "(https://a.b/)))) "],
    ["quotes in quotes", "> > > a\n"],
    ["nothing but quote signs", ">"],
    ["items in items", "- - - - a\n"],
    ["lines of one item", "- a\n  b\n"],
    ["a paragraph of pipes", "|a\n"],
    ["rows", "| a | b |\n|---|---|\n"],
    ["one endless row", "|"],
    ["fences", "```\na\n"],
    ["number signs", "# #"],
  ];
  it.each(patterns)(
    "costs in proportion to its length: %s",
    (_what, pattern) => {
      const quarter = pattern.repeat(20_000 / pattern.length);
      costOf(quarter);
      const whole = quarter.repeat(4);
      const small = Math.max(CLOCK, Math.min(costOf(quarter), costOf(quarter)));
      // Quadratic work would cost sixteen times as much. The lesser one has no collection of garbage in it.
      expect(Math.min(costOf(whole), costOf(whole)) / small).toBeLessThan(10);
    },
    20_000,
  );
});
