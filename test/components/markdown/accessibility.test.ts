import axe from "axe-core";
import { expect, it } from "vitest";
import { corpus } from "../../fixtures/markdown/corpus.ts";
import { render } from "./render.ts";

it("makes what scrolls no stop of the Tab key: the list of messages decides on its content", () => {
  const root = render(["| One |\n|---|\n| 1 |\n\n```\ncode\n```"]);
  const scrolled = Array.from(root.querySelectorAll(":is(table, pre > code)"));
  const tabIndexes = scrolled.map(({ parentElement }) => parentElement?.getAttribute("tabindex"));
  expect(tabIndexes).toEqual(["-1", "-1"]);
});

it("leaves the first two levels of headings to the page", () => {
  const root = render(["# a\n## b\n### c\n#### d\n##### e"]);
  expect(Array.from(root.children, (child) => child.localName)).toEqual(
    "h3 h4 h5 h6 h6".split(" "),
  );
});

it("passes axe with answers as agents write them", async () => {
  const answers = corpus.filter(([name]) =>
    /returns|shipping|code-in|tasks|product|troubl/.test(name),
  );
  document.body.replaceChildren(...answers.map(([, text]) => render([text])));
  const { violations } = await axe.run(document.body, {
    // jsdom knows neither colours nor the page around the answers.
    runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "cat.tables", "cat.semantics"],
    rules: { "color-contrast": { enabled: false }, "heading-order": { enabled: false } },
  });
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  expect(found).toEqual([]);
}, 20_000);
