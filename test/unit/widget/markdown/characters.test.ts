import { expect, it } from "vitest";
import { createCharacters } from "../../../../widget/markdown/characters.ts";

function charactersOf(...parts: string[]): string[] {
  const seen: string[] = [];
  const characters = createCharacters((character) => seen.push(character));
  for (const part of parts) characters.append(part);
  characters.end();
  return seen;
}

it.each([
  [["a😀b"], ["a", "😀", "b"]],
  [
    ["a\uD83D", "\uDE00b"],
    ["a", "😀", "b"],
  ],
  [["\uD83D", "", "\uDE00"], ["😀"]],
  [
    ["\uD83D", "a"],
    ["\uD83D", "a"],
  ],
  [["a\uD83D"], ["a", "\uD83D"]],
  [["a\r\nb\rc\n"], ["a", "\n", "b", "\n", "c", "\n"]],
  [
    ["a\r", "\nb"],
    ["a", "\n", "b"],
  ],
  [
    ["\r", "\r", "\n", "\n"],
    ["\n", "\n", "\n"],
  ],
])("hands %j on as %j", (parts, characters) => {
  expect(charactersOf(...parts)).toEqual(characters);
});
