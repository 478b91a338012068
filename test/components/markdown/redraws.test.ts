import { afterEach, expect, it, vi } from "vitest";
import { parseBlocks } from "../../../widget/markdown/blocks.ts";
import { start } from "./render.ts";

vi.mock("../../../widget/markdown/blocks.ts", { spy: true });

/** How many characters are parsed while a text of so many comes in pieces of fifty. */
function countParsed(length: number, piece: string): number {
  vi.mocked(parseBlocks).mockClear();
  const { append } = start();
  for (let at = 0; at < length; at += 50) append(piece);
  const lines = vi.mocked(parseBlocks).mock.calls.map(([lines]) => lines.join("\n").length);
  return lines.reduce((sum, length) => sum + length, 0);
}

afterEach(() => {
  vi.restoreAllMocks();
});

it("parses blocks that are finished no more", () => {
  const length = 20_000;
  expect(countParsed(length, `${"word ".repeat(10).trim()}\n\n`)).toBeLessThan(5 * length);
});

it("parses a block without an end a bounded number of times", () => {
  const length = 50_000;
  expect(countParsed(length, "word ".repeat(10))).toBeLessThan(256 * length);
});
