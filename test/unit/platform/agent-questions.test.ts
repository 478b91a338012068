import { describe, expect, test } from "vitest";
import { UNKNOWN_ANSWER } from "../../../demo/platform/agent/phrases.ts";
import { readQuestion } from "../../../demo/platform/agent/reading.ts";
import { answer, knowledge } from "./agent.ts";
import { KNOWN, UNKNOWN } from "./questions.ts";

describe("a question that the articles answer", () => {
  test.each(KNOWN)("%s is answered from the right article", (question, ...articles) => {
    const { hits } = readQuestion(knowledge, [question]);
    const found = [...new Set(hits.map(({ article }) => article.url.replace("/help/", "")))];

    expect(found).toEqual(articles);
  });
});

describe("a question that they don't", () => {
  test.each(UNKNOWN)("%s gets the honest answer", async (content) => {
    expect((await answer([{ role: "user", content }])).text).toBe(UNKNOWN_ANSWER);
  });
});
