import type { Step, Turn } from "../../../demo/platform/agent/agent.ts";
import { createConfigurationAgent } from "../../../demo/platform/manager/configuration-agent.ts";
import { createReport } from "../../../demo/platform/manager/report.ts";
import { createOrganisations } from "../../../demo/platform/organisation/organisation.ts";
import { openStore } from "../../../demo/platform/storage/store.ts";
import { articles } from "./agent.ts";

/** A configuration agent over a database in memory; `say` goes on in one conversation. */
export function createManager() {
  const store = openStore(":memory:");
  const organisation = createOrganisations(store, articles)("acme");
  const agent = createConfigurationAgent({
    organisation,
    report: createReport(store.answers, "acme"),
    tokensPerSecond: 1_000_000,
    thinkingMs: 0,
  });
  const turns: Turn[] = [];

  async function say(content: string): Promise<string> {
    turns.push({ role: "user", content });
    const steps: Step[] = [];
    for await (const step of agent(turns, new AbortController().signal)) steps.push(step);
    const text = steps.map((step) => (step.type === "text" ? step.text : "")).join("");
    turns.push({ role: "assistant", content: text });
    return text;
  }
  return { say, organisation, store };
}
