import { array, assert, constantFrom, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { corpus, cut } from "../../fixtures/markdown/corpus.ts";
import { render } from "./render.ts";

/** Marks and the characters around them, so that random texts are dense with markup. */
const signs =
  "* ** _ ~~ ` ``` [ ] ( ) ![ ]( < > # - + 1. | |-| \\ & &amp; : https:// \n \n\n \r\n \t a b é 中 😀 \uD83D".split(
    " ",
  );

describe.each(corpus)("the DOM of %s", (_name, text) => {
  const whole = render([text]);

  it("is the same one character at a time", () => {
    expect(render(text.split("")).isEqualNode(whole)).toBe(true);
  });

  it("is the same for random cuts", () => {
    const positions = array(nat(text.length), { maxLength: 40 });
    assert(
      property(positions, (at) => render(cut(text, at)).isEqualNode(whole)),
      { numRuns: 50 },
    );
  });

  it("is the same with CRLF line ends", () => {
    const lines = text.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n");
    expect(render(lines.split("")).isEqualNode(whole)).toBe(true);
  });
});

it("gives the same DOM for random markup, whole and one character at a time", () => {
  const markup = array(constantFrom(" ", "  ", "    ", ...signs), { maxLength: 60 });
  assert(
    property(markup, (parts) => {
      const text = parts.join("");
      return render(text.split("")).isEqualNode(render([text]));
    }),
    { numRuns: 500 },
  );
});
