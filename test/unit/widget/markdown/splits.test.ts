import { describe, expect, it } from "vitest";
import { createBlocks } from "../../../../widget/markdown/blocks.ts";
import { createCharacters } from "../../../../widget/markdown/characters.ts";
import { corpus, cut } from "../../../fixtures/markdown/corpus.ts";

/** Everything that the parser tells its sink, as one string, and how many elements stay open. */
function tellingOf(parts: readonly string[]): { told: string; open: number } {
  let told = "";
  let open = 0;
  const blocks = createBlocks({
    open(tag, attributes) {
      open++;
      told += `<${tag}${attributes ? JSON.stringify(attributes) : ""}>`;
    },
    close() {
      open--;
      told += "</>";
    },
    text(value) {
      told += value;
    },
  });
  const characters = createCharacters(blocks.write);
  for (const part of parts) characters.append(part);
  characters.end();
  blocks.end();
  return { told, open };
}

describe.each(corpus)("what the parser tells of %s", (_name, text) => {
  const whole = tellingOf([text]);

  // Each position; of the one very long document each 97th.
  it("is the same wherever the text is cut in two", () => {
    const differing: number[] = [];
    for (let at = 0; at < text.length; at += text.length > 2000 ? 97 : 1) {
      if (tellingOf(cut(text, [at])).told !== whole.told) differing.push(at);
    }
    expect(differing).toEqual([]);
  }, 20_000);

  it("closes what it opens", () => {
    expect(whole.open).toBe(0);
  });
});
