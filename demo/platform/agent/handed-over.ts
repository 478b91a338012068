import type { Agent, Step } from "./agent.ts";

const FOLLOW_UP = "_A person has been asked to take over, and will read this too._";

/**
 * An agent in a conversation that was handed over. What Lexey's does there is not documented: this
 * one goes on answering, says each time that a person will follow, and hands nothing over again.
 */
export function afterHandOver(agent: Agent): Agent {
  return async function* answer(turns, signal): AsyncGenerator<Step> {
    for await (const step of agent(turns, signal)) {
      if (step.type !== "escalate") yield step;
    }
    yield { type: "text", text: `\n\n${FOLLOW_UP}` };
  };
}
