import { randomUUID } from "node:crypto";
import type { Agent, Step } from "./agent/agent.ts";
import { APOLOGY } from "./agent/phrases.ts";
import type { Channels } from "./channels.ts";
import type { PlatformEvent } from "./events.ts";
import type { Conversation } from "./storage/conversations.ts";
import type { Message } from "./storage/messages.ts";
import type { Store } from "./storage/store.ts";

export type TurnsOptions = {
  store: Store;
  channels: Channels;
  agent: Agent;
  save: (conversation: Conversation, message: Message) => void;
  log: (line: string) => void;
};

/** How many of the latest messages an agent gets to see. */
const REMEMBERED = 40;

/** Runs the agent's answers, one per conversation at a time, whether or not anybody listens. */
export function createTurns({ store, channels, agent, save, log }: TurnsOptions) {
  const abort = new AbortController();
  const running = new Set<Promise<void>>();

  async function answer(conversation: Conversation): Promise<void> {
    const messageId = randomUUID();
    let content = "";
    const write = (text: string) => {
      channels.setState(conversation, "responding");
      content += text;
      channels.publish(conversation, { name: "message:chunk", messageId, text });
    };
    const { messages } = store.messages.page(conversation.id, { limit: REMEMBERED });
    try {
      for await (const step of agent(messages, abort.signal)) {
        if (step.type === "text") write(step.text);
        else if (step.type === "escalate")
          store.conversations.setStatus(conversation.id, "escalated");
        else channels.publish(conversation, toToolEvent(messageId, step));
      }
    } catch (error) {
      if (abort.signal.aborted) return;
      log(`answer failed: ${error instanceof Error ? error.name : "unknown error"}`);
      write(content === "" ? APOLOGY : `\n\n${APOLOGY}`);
    }
    const message: Message = {
      id: messageId,
      role: "assistant",
      content,
      created_at: new Date().toISOString(),
    };
    save(conversation, message);
    channels.publish(conversation, { name: "message:complete", message });
  }

  return {
    begin(conversation: Conversation): void {
      channels.setState(conversation, "thinking");
      const turn = answer(conversation)
        .catch((error: unknown) => log(`answer lost: ${String(error)}`))
        .finally(() => {
          running.delete(turn);
          channels.setState(conversation, "idle");
        });
      running.add(turn);
    },

    async close(): Promise<void> {
      abort.abort();
      await Promise.all(running);
    },
  };
}

function toToolEvent(
  messageId: string,
  step: Exclude<Step, { type: "text" | "escalate" }>,
): PlatformEvent {
  const common = { messageId, toolUseId: step.id, tool: step.name };
  return step.type === "tool_use"
    ? { name: "message:tool_use", ...common, input: step.input }
    : { name: "message:tool_result", ...common, ok: step.ok, result: step.result };
}
