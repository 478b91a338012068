import { setTimeout as sleep } from "node:timers/promises";
import type { Agent, Step, Turn } from "../agent/agent.ts";
import { paceTokens } from "../agent/tokens.ts";
import { createActor, type ActorOptions } from "./actor.ts";
import { describeCall } from "./describe-call.ts";
import type { Question, Situation } from "./reading/reading.ts";
import { understand } from "./reading/understand.ts";
import { replyToNothing } from "./replies.ts";
import { toSituation } from "./situation.ts";

export type ConfigurationAgentOptions = ActorOptions & {
  tokensPerSecond: number;
  /** Milliseconds before the first word. */
  thinkingMs: number;
};

/** Sets up what the customers' agent of an organisation knows and does, as its owner asks in words. */
export function createConfigurationAgent(options: ConfigurationAgentOptions): Agent {
  const { organisation, tokensPerSecond, thinkingMs } = options;
  const act = createActor(options);

  return async function* answer(turns: Turn[], signal: AbortSignal): AsyncGenerator<Step> {
    await sleep(thinkingMs, undefined, { signal });
    const situation = toSituation(organisation);
    const message = turns.at(-1)?.content ?? "";
    const pending = recallQuestion(turns.slice(0, -1), situation);
    const { actions, question } = understand(message, situation, pending);
    const texts: string[] = [];
    for (const action of actions) {
      const outcome = act(action);
      const { name, ...input } = action;
      yield* describeCall({ name, json: JSON.stringify(input) }, outcome);
      texts.push(outcome.text);
    }
    if (question) texts.push(question.text);
    if (texts.length === 0) texts.push(replyToNothing(message));
    for await (const text of paceTokens(texts.join("\n\n"), tokensPerSecond, signal)) {
      yield { type: "text", text };
    }
  };
}

/** The question that was asked last, understood again from what was said: nothing else is kept. */
function recallQuestion(turns: Turn[], situation: Situation): Question | undefined {
  let pending: Question | undefined;
  for (const [index, { role, content }] of turns.entries()) {
    if (role !== "user") continue;
    const { question } = understand(content, situation, pending);
    const reply = turns[index + 1];
    pending = question && reply?.content.includes(question.text) ? question : undefined;
  }
  return pending;
}
