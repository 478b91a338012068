import type { Agents } from "./agent/agent.ts";
import { createArticleAgent } from "./agent/article-agent.ts";
import type { Article } from "./agent/articles.ts";
import { createKnowledge } from "./agent/knowledge.ts";
import { createLlmAgent } from "./agent/llm-agent.ts";
import { createConfigurationAgent } from "./manager/configuration-agent.ts";
import { createReport } from "./manager/report.ts";
import { createOrganisations } from "./organisation/organisation.ts";
import type { Settings } from "./settings.ts";
import type { Store } from "./storage/store.ts";

export type AgentsOptions = {
  settings: Settings;
  /** What every organisation begins with. */
  articles: Article[];
  store: Store;
};

/** The customers' agent and the one that configures it. */
export function createAgents({ settings, articles, store }: AgentsOptions): Agents {
  const { siteUrl, tokensPerSecond, thinkingMs, llm } = settings;
  const knowledge = createKnowledge(articles);
  const organisations = createOrganisations(store, articles);
  const customer = llm
    ? createLlmAgent({ llm, knowledge, siteUrl })
    : createArticleAgent({ knowledge, siteUrl, tokensPerSecond, thinkingMs });

  return {
    customer: () => customer,
    management: (account) =>
      createConfigurationAgent({
        organisation: organisations(account),
        report: createReport(store.answers, account),
        tokensPerSecond,
        thinkingMs,
      }),
  };
}
