import type { Agents } from "./agent/agent.ts";
import { createArticleAgent } from "./agent/article-agent.ts";
import type { Article } from "./agent/articles.ts";
import type { Care } from "./agent/at-once.ts";
import { createLlmAgent } from "./agent/llm-agent.ts";
import { createConfigurationAgent } from "./manager/configuration-agent.ts";
import { createLlmManager } from "./manager/llm-manager.ts";
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
  const organisations = createOrganisations(store, articles);
  const pace = { tokensPerSecond, thinkingMs };

  const answerer = (account: string, care: Care) => {
    const common = { organisation: organisations(account), siteUrl, care };
    return llm ? createLlmAgent({ ...common, llm }) : createArticleAgent({ ...common, ...pace });
  };
  return {
    personal: (account) => answerer(account, "asked"),
    customer: (account) => answerer(account, "attentive"),
    management: (account) => {
      const common = {
        organisation: organisations(account),
        report: createReport(store.answers, account),
      };
      return llm
        ? createLlmManager({ ...common, llm })
        : createConfigurationAgent({ ...common, ...pace });
    },
  };
}
