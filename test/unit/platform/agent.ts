import { fileURLToPath } from "node:url";
import { createArticleAgent } from "../../../demo/platform/agent/article-agent.ts";
import type { Step, Turn } from "../../../demo/platform/agent/agent.ts";
import { readArticles } from "../../../demo/platform/agent/articles.ts";
import { createKnowledge } from "../../../demo/platform/agent/knowledge.ts";

const folder = fileURLToPath(new URL("../../../demo/site/articles", import.meta.url));

/** The shop's own articles: what the demo answers from is what is tested. */
export const articles = readArticles(folder);
export const knowledge = createKnowledge(articles);

const agent = createArticleAgent({
  knowledge,
  siteUrl: "http://shop.example",
  tokensPerSecond: 1_000_000,
  thinkingMs: 0,
});

/** One answer: its text and every step that led to it. */
export type Answer = { text: string; steps: Step[] };

export async function answer(turns: Turn[]): Promise<Answer> {
  const steps: Step[] = [];
  for await (const step of agent(turns, new AbortController().signal)) steps.push(step);
  const text = steps.map((step) => (step.type === "text" ? step.text : "")).join("");
  return { text, steps };
}

/** Asks one question after another in a conversation; the answer to the last. */
export async function converse(...questions: string[]): Promise<Answer> {
  const turns: Turn[] = [];
  let last: Answer = { text: "", steps: [] };
  for (const content of questions) {
    turns.push({ role: "user", content });
    last = await answer(turns);
    turns.push({ role: "assistant", content: last.text });
  }
  return last;
}
