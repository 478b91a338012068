import { afterEach, describe, expect, it } from "vitest";
import { corpus } from "../../fixtures/markdown/corpus.ts";
import { outlineIn, outlineOf, start } from "./render.ts";

/** What is on the screen after each of the parts, as text. */
function textsOf(parts: readonly string[]): string[] {
  const { parent, append } = start();
  return parts.map((part) => {
    append(part);
    return parent.textContent;
  });
}

/** The text of each node that has none of the elements around it. */
function textsOutside(selector: string, root: Element): string[] {
  const texts: string[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement?.closest(selector)) texts.push(node.textContent ?? "");
  }
  return texts;
}

/** Answers as agents write them, where every sign finds its partner. */
const answers = corpus.filter(([name]) => /^(01|02|04|05|15|17|20|26|27)/.test(name));

describe("what is on the screen while a text streams", () => {
  const steps: [what: string, parts: string[], texts: string[]][] = [
    ["grows by plain words", ["Hel", "lo wor", "ld"], ["Hel", "Hello wor", "Hello world"]],
    ["grows inside a list item", ["- a", "b\n- c", "d"], ["a", "abc", "abcd"]],
    ["has no asterisks of strong text", ["a **", "b", "** c"], ["a ", "a b", "a b c"]],
    ["has no half of two asterisks", ["**a*", "* b"], ["a", "a b"]],
    ["has no backticks of code", ["a `b c", "` d"], ["a b c", "a b c d"]],
    ["has no brackets of a link", ["a [b", "](https://", "e.com) c"], ["a b", "a b", "a b c"]],
    ["has no title of a link", ["[a](https://e.com ", '"b c', '") d'], ["a", "a", "a d"]],
    ["has no address of an image", ["![a](https://e", ".com/b.png) c"], ["a", "a c"]],
    [
      "has no half address in brackets",
      ["a <https://e.c", "om/b> c"],
      ["a ", "a https://e.com/b c"],
    ],
    ["has no half reference", ["a &am", "p; b"], ["a ", "a & b"]],
    ["has no marks of a fence", ["``", "`js", "\nx"], ["", "", "jsCopyx"]],
    ["has no half end of a fence", ["```\na\n``", "`\nb"], ["Copya", "Copyab"]],
    ["grows inside a line of code", ["```\nle", "t a"], ["Copyle", "Copylet a"]],
    ["has no pipes of a table", ["| a |\n", "|-", "|\n| b", " |\n"], ["", "", "ab", "ab"]],
    ["has no mark of an item or a rule", ["-", "--", "\na"], ["", "", "a"]],
    ["has no box of a task", ["- [", "x] a"], ["", "☑ a"]],
    ["is literal where an item might begin", ["1", "984 was"], ["", "1984 was"]],
    ["has whole characters only", ["\uD83D", "\uDE00"], ["", "😀"]],
  ];
  it.each(steps)("%s", (_what, parts, texts) => {
    expect(textsOf(parts)).toEqual(texts);
  });

  it.each(answers)(
    "shows no signs and no address at any moment of %s",
    (_name, text) => {
      const { parent, append } = start();
      const flashes = text.split("").flatMap((character) => {
        append(character);
        return textsOutside("code, a", parent).filter((text) =>
          /\*\*|__|~~|`|\]\(|https?:|^\|/.test(text),
        );
      });
      expect(flashes).toEqual([]);
    },
    20_000,
  );

  it("has a link that can be followed only once its address is complete", () => {
    const { parent, append } = start();
    append("[a](https://example.com/pa");
    expect(outlineIn(parent)).toBe("<p><a>a</a></p>");
    append("th) https://example.com/pa");
    expect(outlineIn(parent)).toBe(
      '<p><a href="https://example.com/path">a</a> <a>https://example.com/pa</a></p>',
    );
  });

  it.each([
    ["an emphasis that never ends", "a **b\n\nc"],
    ["a label without an address", "a [b] c"],
    ["code that never ends", "a `b\n\nc"],
    ["pipes that are no table", "| a |\nb"],
    ["an address that must not become a link", "[a](javascript:alert(1)) b"],
  ])("is mended after a wrong guess: %s", (_what, text) => {
    const { parent, append } = start();
    for (const character of text) append(character);
    expect(outlineIn(parent)).toBe(outlineOf(text));
  });

  it("is what was written once the text has ended", () => {
    const { parent, append, end } = start();
    append("a **b [c](https://e.com `d");
    end();
    expect(parent.textContent).toBe("a **b [c](https://e.com `d");
  });
});

describe("a text on the screen", () => {
  it("gives way to another one", () => {
    const { parent, draw } = start();
    draw("# a\n\nb **c**\n\nd", true);
    draw("# a\n\nb *c*", false);
    expect(outlineIn(parent)).toBe(outlineOf("# a\n\nb *c*"));
  });

  it("can go on after its end", () => {
    const { parent, draw } = start();
    draw("a\n\nb **c", false);
    draw("a\n\nb **c** d", false);
    expect(outlineIn(parent)).toBe(outlineOf("a\n\nb **c** d"));
  });
});

describe("nodes on the screen", () => {
  afterEach(() => document.body.replaceChildren());

  it.each(answers)("stay when more comes after them: %s", (_name, text) => {
    const { parent, append, end } = start();
    const finished = new Map<Text, string>();
    for (const character of text) {
      append(character);
      for (const element of parent.querySelectorAll("strong, em, del, code, a[href], li, p, td")) {
        const { firstChild } = element;
        if (element.nextSibling && firstChild instanceof Text)
          finished.set(firstChild, firstChild.data);
      }
    }
    end();
    expect(finished.size).toBeGreaterThan(0);
    expect(
      [...finished].filter(([node, data]) => !parent.contains(node) || !node.data.startsWith(data)),
    ).toEqual([]);
  });

  it.each(answers)(
    "are not touched in blocks that are finished: %s",
    (_name, text) => {
      const { parent, append } = start();
      const observer = new MutationObserver(() => {});
      observer.observe(parent, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
      const touched = text.split("").flatMap((character) => {
        const finished = Array.from(parent.children).slice(0, -1);
        append(character);
        const records = observer.takeRecords();
        return finished.filter((block) => records.some(({ target }) => block.contains(target)));
      });
      expect(touched).toEqual([]);
    },
    20_000,
  );

  it("keep the attributes that others gave them", () => {
    const { parent, append } = start();
    append("```\na\n```\n\n[b](https://example.com/)");
    const links = [parent.querySelector("button"), parent.querySelector("a")];
    for (const link of links) link?.setAttribute("tabindex", "-1");
    append(" c **d**");
    expect(Array.from(parent.querySelectorAll("a, button"))).toEqual(links);
    expect(links.map((link) => link?.getAttribute("tabindex"))).toEqual(["-1", "-1"]);
  });

  it("keep a selection that was made while the text streamed", () => {
    const { parent, append } = start();
    document.body.append(parent);
    append("one **two");
    const [text, strong] = parent.querySelector("p")?.childNodes ?? [];
    if (!text || !strong?.firstChild) throw new Error("There is no text to select.");
    document.getSelection()?.setBaseAndExtent(text, 1, strong.firstChild, 2);
    append(" three** [four](https://example.com");
    append("/) five\n\nsix");
    expect(String(document.getSelection())).toBe("ne tw");
    expect(outlineIn(parent)).toContain("<strong>two three</strong>");
  });
});

it("nests quotes and lists sixteen deep at most", () => {
  const { parent, append, end } = start();
  append("> ".repeat(50) + "a\n\n" + "- ".repeat(50) + "a");
  end();
  expect(parent.querySelectorAll("blockquote")).toHaveLength(16);
  expect(parent.querySelectorAll("ul")).toHaveLength(16);
});
