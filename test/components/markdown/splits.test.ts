import { array, assert, constantFrom, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { corpus, render } from "./render.ts";

/** Marks and the characters around them, so that random texts are dense with markup. */
const signs =
  "* ** _ ~~ ` ``` [ ] ( ) ![ ]( < > # - + 1. | |-| \\ & &amp; : https:// \n \n\n \r\n \t a b é 中 😀 \uD83D".split(
    " ",
  );
const markup = array(constantFrom(" ", "  ", "    ", ...signs), { maxLength: 60 }).map((parts) =>
  parts.join(""),
);

function cut(text: string, positions: readonly number[]): string[] {
  const ends = [...positions, text.length].toSorted((a, b) => a - b);
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

/** Each position of a document; of a very long one, each 97th. */
function positionsIn(text: string): number[] {
  const stride = text.length > 2000 ? 97 : 1;
  return Array.from({ length: Math.ceil(text.length / stride) }, (_, index) => index * stride);
}

describe.each(corpus)("the DOM of %s", (_name, text) => {
  const whole = render([text]);

  it("is the same wherever the text is cut in two", () => {
    const differing = positionsIn(text).filter((at) => {
      return !render(cut(text, [at])).isEqualNode(whole);
    });
    expect(differing).toEqual([]);
  }, 20_000);

  it("is the same one character at a time", () => {
    expect(render(text.split("")).isEqualNode(whole)).toBe(true);
  });

  it("is the same for random cuts", () => {
    const positions = array(nat(text.length), { maxLength: 40 });
    assert(
      property(positions, (at) => render(cut(text, at)).isEqualNode(whole)),
      { numRuns: 30 },
    );
  });

  it("is the same with CRLF line ends", () => {
    const lines = text.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n");
    expect(render(lines.split("")).isEqualNode(whole)).toBe(true);
  });
});

it("gives the same DOM for random markup, whole and one character at a time", () => {
  assert(
    property(markup, (text) => render(text.split("")).isEqualNode(render([text]))),
    { numRuns: 500 },
  );
});
