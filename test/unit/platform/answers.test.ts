import { expect, test } from "vitest";
import { composeAnswer } from "../../../demo/platform/agent/compose.ts";
import type { Article } from "../../../demo/platform/agent/articles.ts";
import { converse } from "./agent.ts";

const article: Article = {
  title: "Shipping",
  url: "/help/shipping",
  about: "shipping",
  names: [],
  keywords: "",
  sections: [],
};
const toHit = (markdown: string) => ({
  article,
  section: { heading: "Costs", markdown },
  score: 1,
  terms: [],
});

test("prose follows the opening words, a table stands below them", () => {
  expect(composeAnswer([toHit("It is free.")], 0, "http://shop.example")).toMatch(
    /^Happy to help\. It is free\.\n\n/,
  );
  expect(composeAnswer([toHit("| a |\n| - |")], 0, "http://shop.example")).toMatch(
    /^Here is what I have on shipping:\n\n\| a \|\n\| - \|\n\n/,
  );
});

test("the opening words change from answer to answer", () => {
  const openings = [0, 1, 2].map((turn) => composeAnswer([toHit("Yes.")], turn, "http://x"));

  expect(new Set(openings).size).toBe(3);
});

test("links lead to the site, those in the article too", () => {
  const text = composeAnswer([toHit("See [returns](/help/returns).")], 0, "http://shop.example/");

  expect(text).toContain("[returns](http://shop.example/help/returns)");
  expect(text).toContain("[Shipping](http://shop.example/help/shipping)");
});

test("an answer keeps the article's table", async () => {
  const { text } = await converse("How much does shipping to Germany cost?");

  expect(text).toMatch(/^\| Germany, France, Luxembourg \| 2–4 \| €4\.90 \|$/m);
});

test("the search is shown before the first word, with what it found", async () => {
  const { steps } = await converse("How much does shipping to Germany cost?");

  expect(steps.map(({ type }) => type).slice(0, 3)).toEqual(["tool_use", "tool_result", "text"]);
  expect(steps[1]).toMatchObject({
    name: "search_articles",
    ok: true,
    result: [{ title: "Shipping", url: "/help/shipping" }],
  });
});

test("a question as long as a book is read as quickly as any other", async () => {
  const start = performance.now();
  await converse(
    `Is shipping free? ${"I want to talk about how much does this cost. ".repeat(20_000)}`,
  );

  expect(performance.now() - start).toBeLessThan(1000);
});
