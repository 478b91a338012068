import { array, assert, constantFrom, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { corpus, cut } from "../../fixtures/markdown/corpus.ts";
import { render } from "./render.ts";

/** Marks and the characters around them, so that random texts are dense with markup. */
const signs =
  "* ** _ ~~ ` ``` [ ] ( ) ![ ]( < > # - + 1. | |-| \\ & &amp; : https:// \n \n\n \r\n \t a b é 中 😀 \uD83D".split(
    " ",
  );

/** Pieces of one character, of more in a long text: jsdom is slow. */
function piecesOf(text: string): string[] {
  const length = Math.ceil(text.length / 700);
  return cut(
    text,
    Array.from({ length: Math.floor(text.length / length) }, (_, index) => index * length),
  );
}

describe.each(corpus)("the DOM of %s", (_name, text) => {
  const whole = render([text]);

  it("is the same piece by piece", () => {
    expect(render(piecesOf(text)).isEqualNode(whole)).toBe(true);
  });

  it("is the same for random cuts", () => {
    const positions = array(nat(text.length), { maxLength: 10 });
    assert(
      property(positions, (at) => render(cut(text, at)).isEqualNode(whole)),
      { numRuns: 30 },
    );
  });

  it("is the same with CRLF line ends", () => {
    const lines = text.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n");
    expect(render(piecesOf(lines)).isEqualNode(whole)).toBe(true);
  });
});

const markup = array(constantFrom(" ", "  ", "    ", ...signs), { maxLength: 60 });

it("gives the same DOM for random markup, whole and one character at a time", () => {
  assert(
    property(markup, (parts) => {
      const text = parts.join("");
      return render(text.split("")).isEqualNode(render([text]));
    }),
    { numRuns: 300 },
  );
});

it("gives the same DOM for random markup, whole and in random pieces", () => {
  assert(
    property(markup, (parts) => render(parts).isEqualNode(render([parts.join("")]))),
    { numRuns: 1000 },
  );
});
