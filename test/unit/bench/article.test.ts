import { existsSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { createArticleAgent } from "../../../demo/platform/agent/article-agent.ts";
import { readArticles } from "../../../demo/platform/agent/articles.ts";
import { splitTokens } from "../../../demo/platform/agent/tokens.ts";
import { createOrganisations } from "../../../demo/platform/organisation/organisation.ts";
import { openStore } from "../../../demo/platform/storage/store.ts";
import { createArticleFolder, LAST_WORDS, QUESTION, writeArticle } from "../../bench/article.ts";

const folder = createArticleFolder(500);
afterAll(folder.remove);

test.each([1, 200, 2000])("an article of %d tokens is hardly longer than that", (tokens) => {
  const { length } = splitTokens(writeArticle(tokens));
  expect(length).toBeGreaterThanOrEqual(tokens);
  expect(length).toBeLessThan(tokens + 100);
});

test("the platform's agent answers the question with the whole article", async () => {
  const agent = createArticleAgent({
    organisation: createOrganisations(openStore(":memory:"), readArticles(folder.path))("bench"),
    care: "asked",
    siteUrl: "http://localhost:3000",
    tokensPerSecond: 1_000_000,
    thinkingMs: 0,
  });
  let answer = "";
  for await (const step of agent([{ role: "user", content: QUESTION }], AbortSignal.timeout(5000)))
    if (step.type === "text") answer += step.text;
  expect(splitTokens(answer).length).toBeGreaterThan(500);
  expect(answer).toContain(LAST_WORDS);
});

test("the folder is gone after use", () => {
  const short = createArticleFolder(1);
  short.remove();
  expect(existsSync(short.path)).toBe(false);
});
