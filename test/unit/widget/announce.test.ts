import { describe, expect, it } from "vitest";
import { speakable, toSpeech } from "../../../widget/state/announce.ts";

describe("toSpeech", () => {
  it.each([
    ["**Two** to _four_ days.", "Two to four days."],
    ["# Rates\n\nSee [the list](https://example.com/list).", "Rates See the list."],
    ["- one\n- two", "one two"],
    ["| Country | Days |\n|---|---|\n| Austria | 2 |", "Country, Days Austria, 2"],
    ["```sh\nnpm ci\n```", "npm ci"],
    ["> Islands take longer", "Islands take longer"],
    ["Use `npm ci`", "Use npm ci"],
    ["![a map](https://example.com/map.png)", "a map"],
  ])("reads %j as %j", (markdown, speech) => {
    expect(toSpeech(markdown)).toBe(speech);
  });
});

describe("speakable", () => {
  it.each([
    ["We ship", false, 0],
    ["We ship. To", false, 8],
    ["We ship to Austria. In 2.5 days", false, 19],
    ["One line\nand", false, 9],
    ["We ship", true, 7],
    ["送料は無料です。ヨーロ", false, 8],
    ["هل تريد؟ نعم", false, 8],
    ["", true, 0],
  ])("of %j (complete: %s) is %d characters", (text, isComplete, length) => {
    expect(speakable(text, isComplete)).toBe(length);
  });
});
