/** Agents that answer when they are told to, and scenarios for them. */
import type { Access } from "../../../../proxy/cli/access.ts";
import { PlatformError } from "../../../../proxy/platforms/platform.ts";
import type { Agents } from "../../../../proxy/e2e/attempt.ts";
import type { Result } from "../../../../proxy/e2e/results.ts";
import { runScenarios, type RunOptions } from "../../../../proxy/e2e/run.ts";
import type { Scenario } from "../../../../proxy/e2e/scenario.ts";
import { readScenarios } from "../../../../proxy/e2e/scenario-file.ts";

const ASKED = {
  name: "Lexey",
  url: "https://lexey.example",
  urlSetting: "LEXEY_URL",
  keySetting: "LEXEY_CUSTOMER_KEY",
};

/** What an agent does with a message; without a promise it answers `ok` at once. */
export type Reply = (message: string) => Promise<string> | string;

export function createAgents(reply: Reply = () => "ok") {
  /** What was asked and answered, in order. */
  const log: string[] = [];
  let atOnce = 0;
  let most = 0;

  async function open(): Promise<Access> {
    const dialogue: Access["dialogue"] = {
      conversationId: () => "c1",
      history: async () => [],
      async ask(question, _, signal) {
        log.push(question);
        most = Math.max(most, (atOnce += 1));
        const aborted = new Promise<null>((resolve) =>
          signal.addEventListener("abort", () => resolve(null)),
        );
        // Others get their turn, as with a network in between.
        const answer = new Promise((resolve) => setImmediate(resolve)).then(() => reply(question));
        const text = await Promise.race([answer, aborted]).finally(() => (atOnce -= 1));
        log.push(`${question} ✓`);
        return {
          text: text ?? "",
          tools: [],
          isEscalated: text === "person",
          isStopped: text === null,
        };
      },
    };
    return { dialogue, asked: ASKED };
  }

  const agents: Agents = { customer: open, management: open };
  return { agents, log, most: () => most };
}

export const refuse = (): never => {
  throw new PlatformError("refused", "POST /x: 401", { status: 401 });
};

/** Scenarios of `name: [setup, step]`, each message's answer to be `ok`. */
export function toScenarios(...all: Array<readonly [setup: string | null, ...steps: string[]]>) {
  const say = (text: string): string => `{ say: ${text}, matches: "^ok$" }`;
  const source = all.map(
    ([setup, ...steps], index) =>
      `name: s${index + 1}\n${setup === null ? "" : `setup: [${say(setup)}]\n`}steps: [${steps.map(say).join(", ")}]`,
  );
  const { scenarios, mistakes } = readScenarios(source.join("\n---\n"), "a.yaml", "Lexey");
  if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
  return scenarios;
}

/** Runs them one at a time unless told otherwise. */
export async function run(
  scenarios: readonly Scenario[],
  options: Partial<RunOptions> & Pick<RunOptions, "agents">,
): Promise<Result[]> {
  return runScenarios(scenarios, {
    repeat: 1,
    passRate: 1,
    parallel: 1,
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    onAsk: () => undefined,
    onResult: () => undefined,
    ...options,
  });
}
