import { expect, test } from "vitest";
import { parseArticle } from "../../../demo/platform/agent/articles.ts";
import { articles } from "./agent.ts";

const FRONT = "---\ntitle: Shipping\nurl: /help/shipping\nabout: shipping\n---\n";

test("an article is cut at its second-level headings", () => {
  const { title, sections } = parseArticle(
    `${FRONT}\nWe ship.\n\n## Costs\n\nLittle.\n\n### Of which\n\nAll.\n\n## Express\n\nFast.\n`,
    "shipping.md",
  );

  expect(title).toBe("Shipping");
  expect(sections).toEqual([
    { heading: "", markdown: "We ship." },
    { heading: "Costs", markdown: "Little.\n\n### Of which\n\nAll." },
    { heading: "Express", markdown: "Fast." },
  ]);
});

test("the padding of tables is left out", () => {
  const table = "| To      | Cost  |\n| ------- | ----: |\n| Germany | €4.90 |";
  const { sections } = parseArticle(`${FRONT}\n${table}\n\nAs  it  is.\n`, "shipping.md");

  expect(sections[0]?.markdown).toBe(
    "| To | Cost |\n| --- | ---: |\n| Germany | €4.90 |\n\nAs  it  is.",
  );
});

test("names are a list", () => {
  const source = FRONT.replace("about:", "names: grinder, hand grinder\nabout:");

  expect(parseArticle(`${source}\nText.`, "one.md").names).toEqual(["grinder", "hand grinder"]);
});

test.each([
  ["no front matter", "# Shipping\n", "two lines of ---"],
  ["no title", FRONT.replace("title: Shipping\n", ""), '"title" is missing'],
  ["no url", FRONT.replace("url: /help/shipping\n", ""), '"url" is missing'],
])("an article with %s is refused by its file's name", (_case, source, problem) => {
  expect(() => parseArticle(source, "shipping.md")).toThrow(`shipping.md: `);
  expect(() => parseArticle(source, "shipping.md")).toThrow(problem);
});

test("every link between the shop's articles leads to an article", () => {
  const pages = new Set(articles.map(({ url }) => url));
  const links = articles.flatMap(({ sections }) =>
    sections.flatMap(({ markdown }) =>
      [...markdown.matchAll(/\]\((\/[^)]*)\)/g)].map(([, to]) => to),
    ),
  );

  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((link) => link === undefined || !pages.has(link))).toEqual([]);
});
