import { describe, expect, it } from "vitest";
import { corpus } from "../../fixtures/markdown/corpus.ts";
import { outline, start } from "./render.ts";

/** What is on the screen after each of the parts, as text. */
function textsOf(parts: readonly string[]): string[] {
  const { parent, append } = start();
  return parts.map((part) => {
    append(part);
    return parent.textContent;
  });
}

describe("what is on the screen while a text streams", () => {
  const steps: [what: string, parts: string[], texts: string[]][] = [
    ["grows by plain words", ["Hel", "lo wor", "ld"], ["Hel", "Hello wor", "Hello world"]],
    ["grows inside a list item", ["- a", "b\n- c", "d"], ["a", "abc", "abcd"]],
    ["has no asterisks of strong text", ["a **", "b", "** c"], ["a ", "a ", "a b c"]],
    ["has no brackets of a link", ["a [b", "](https://", "e.com) c"], ["a ", "a ", "a b c"]],
    ["has no half address", ["a https://e.c", "om/b", " c"], ["a ", "a ", "a https://e.com/b c"]],
    ["has no marks of a fence", ["``", "`js", "\nx"], ["", "", "jsCopyx"]],
    ["grows inside a line of code", ["```\nle", "t a"], ["Copyle", "Copylet a"]],
    ["has no pipes of a table", ["| a |\n", "|-", "|\n| b", " |\n"], ["", "", "a", "ab"]],
    ["is literal where an item might begin", ["1", "984 was"], ["", "1984 was"]],
    ["has whole characters only", ["\uD83D", "\uDE00"], ["", "😀"]],
  ];
  it.each(steps)("%s", (_what, parts, texts) => {
    expect(textsOf(parts)).toEqual(texts);
  });

  it("is at each moment the beginning of the finished text", () => {
    for (const [name, text] of corpus) {
      const { parent, append, end } = start();
      const seen = text.split("").map((character) => {
        append(character);
        return parent.textContent;
      });
      end();
      // Where a table or code begins, its label and button come with it: in order, so still a prefix.
      expect(
        seen.filter((shown) => !parent.textContent.startsWith(shown)),
        name,
      ).toEqual([]);
    }
  });
});

describe("nodes on the screen", () => {
  it("stay where they are until the end", () => {
    for (const [name, text] of corpus) {
      const { parent, append, end } = start();
      const seen = new Map<Node, Node | null>();
      for (const character of text) {
        append(character);
        const walker = document.createTreeWalker(parent);
        while (walker.nextNode()) seen.set(walker.currentNode, walker.currentNode.parentNode);
      }
      end();
      const moved = [...seen].filter(
        ([node, at]) => node.parentNode !== at || !parent.contains(at),
      );
      expect(moved, name).toEqual([]);
    }
  });

  it("keep a selection that was made while the text streamed", () => {
    const { parent, append } = start();
    document.body.append(parent);
    append("one two");
    const text = parent.querySelector("p")?.firstChild;
    if (!text) throw new Error("There is no text to select.");
    document.getSelection()?.setBaseAndExtent(text, 0, text, 3);
    append(" three **four** five\n\nsix");
    expect(String(document.getSelection())).toBe("one");
    expect(text.textContent).toBe("one two three ");
  });
});

describe("what is held back", () => {
  const unclosed: [what: string, source: string, limit: number][] = [
    ["an emphasis", "**", 500],
    ["a label", "[", 500],
    ["a code span", "`", 500],
    ["an address", "[a](https://example.com/", 2000],
    ["a bare address", "https://example.com/", 2000],
    ["a row of pipes", "|", 2000],
    ["a rule", "---", 2000],
  ];
  it.each(unclosed)("is shown as it is written once %s is too long", (_what, source, limit) => {
    const { parent, append } = start();
    const filling = source === "---" ? "-" : "x";
    append(source + filling.repeat(limit - 50));
    const before = parent.textContent.length;
    append(filling.repeat(100));
    expect(before).toBe(0);
    expect(parent.textContent.startsWith(source)).toBe(true);
  });

  it("is shown as it is written at the end", () => {
    const { parent, append, end } = start();
    append("a **b [c](https://e.com `d");
    end();
    expect(outline(parent)).toContain("a **b [c](");
    expect(parent.textContent).toBe("a **b [c](https://e.com `d");
  });

  it("doesn't hold back the paragraphs that follow", () => {
    expect(textsOf(["*a\n", "\nb"])).toEqual(["", "*ab"]);
  });
});

it("nests quotes and lists sixteen deep at most", () => {
  const { parent, append, end } = start();
  append("> ".repeat(50) + "a\n\n" + "- ".repeat(50) + "a");
  end();
  expect(parent.querySelectorAll("blockquote")).toHaveLength(16);
  expect(parent.querySelectorAll("ul")).toHaveLength(16);
});
