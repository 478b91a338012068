import { fileURLToPath } from "node:url";
import { createArticleAgent } from "../../../demo/platform/agent/article-agent.ts";
import type { Agent, Step, Turn } from "../../../demo/platform/agent/agent.ts";
import { readArticles } from "../../../demo/platform/agent/articles.ts";
import type { Care } from "../../../demo/platform/agent/at-once.ts";
import { createKnowledge } from "../../../demo/platform/agent/knowledge.ts";

import { createOrganisations } from "../../../demo/platform/organisation/organisation.ts";
import type { Organisation } from "../../../demo/platform/organisation/organisation.ts";
import { openStore } from "../../../demo/platform/storage/store.ts";

const folder = fileURLToPath(new URL("../../../demo/site/articles", import.meta.url));

/** The shop's own articles: what the demo answers from is what is tested. */
export const articles = readArticles(folder);
export const knowledge = createKnowledge(articles);

/** An organisation that begins with the shop's articles, in memory. */
export function createOrganisation(): Organisation {
  return createOrganisations(openStore(":memory:"), articles)("shop");
}

export function createShopAgent(organisation: Organisation, care: Care = "attentive"): Agent {
  const pace = { tokensPerSecond: 1_000_000, thinkingMs: 0 };
  return createArticleAgent({ organisation, care, siteUrl: "http://shop.example", ...pace });
}

const agent = createShopAgent(createOrganisation(), "asked");

/** One answer: its text and every step that led to it. */
export type Answer = { text: string; steps: Step[] };

export async function answer(turns: Turn[], by: Agent = agent): Promise<Answer> {
  const steps: Step[] = [];
  for await (const step of by(turns, new AbortController().signal)) steps.push(step);
  const text = steps.map((step) => (step.type === "text" ? step.text : "")).join("");
  return { text, steps };
}

/** Asks one question after another in a conversation; the answer to the last. */
export function converse(...questions: string[]): Promise<Answer> {
  return converseWith(agent, ...questions);
}

export async function converseWith(by: Agent, ...questions: string[]): Promise<Answer> {
  const turns: Turn[] = [];
  let last: Answer = { text: "", steps: [] };
  for (const content of questions) {
    turns.push({ role: "user", content });
    last = await answer(turns, by);
    turns.push({ role: "assistant", content: last.text });
  }
  return last;
}
