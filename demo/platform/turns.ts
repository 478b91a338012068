import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Agent, Step } from "./agent/agent.ts";
import { APOLOGY } from "./agent/phrases.ts";
import type { Breaks } from "./breaks.ts";
import type { Channels } from "./channels.ts";
import type { PlatformEvent } from "./events.ts";
import type { Conversation } from "./storage/conversations.ts";
import type { Message } from "./storage/messages.ts";
import type { Store } from "./storage/store.ts";

export type TurnsOptions = {
  store: Store;
  channels: Channels;
  agentFor: (conversation: Conversation) => Agent;
  /** `isTold` false keeps the message without an event. */
  save: (conversation: Conversation, message: Message, isTold: boolean) => void;
  /** Called once for a conversation, when the answer that hands it over is stored. */
  onEscalation: (conversation: Conversation, reason: string) => void;
  /** What becomes of an answer that fails: it ends with an apology, or as it is with `message:error`. */
  onFailure: "apology" | "error";
  log: (line: string) => void;
  breaks: Breaks;
};

/** How many of the latest messages an agent gets to see. */
const REMEMBERED = 40;
/** How soon an answer that hangs notices that the platform has been mended. */
const HANGING_MS = 20;

/** Runs the agent's answers, one per conversation at a time, whether or not anybody listens. */
export function createTurns(options: TurnsOptions) {
  const { store, channels, agentFor, save, onEscalation, onFailure, log, breaks } = options;
  const abort = new AbortController();
  const running = new Set<Promise<void>>();
  /** The answers under way as far as they are written, by conversation. */
  const drafts = new Map<string, Message>();

  async function hangWhile(isBroken: () => boolean): Promise<void> {
    while (isBroken()) await sleep(HANGING_MS, undefined, { signal: abort.signal });
  }

  async function* stepsOf(conversation: Conversation): AsyncGenerator<Step> {
    const { messages } = store.messages.page(conversation.id, { limit: REMEMBERED });
    let pieces = 0;
    for await (const step of agentFor(conversation)(messages, abort.signal)) {
      if (step.type === "text") pieces += 1;
      if (breaks.agent === "fails" && pieces > breaks.faultAfter) throw new Error("told to fail");
      yield step;
    }
  }

  async function answer(conversation: Conversation): Promise<void> {
    const messageId = randomUUID();
    let content = "";
    let reason: string | undefined;
    let isFailed = false;
    const toMessage = (): Message => ({
      id: messageId,
      role: "assistant",
      content,
      created_at: new Date().toISOString(),
    });
    const write = (text: string) => {
      channels.setState(conversation, "responding");
      content += text;
      drafts.set(conversation.id, toMessage());
      channels.publish(conversation, { name: "message:chunk", messageId, text });
    };
    const escalate = (why: string) => {
      if (reason !== undefined || conversation.status === "escalated") return;
      reason = why;
      store.conversations.setStatus(conversation.id, "escalated");
      channels.publish(conversation, { name: "conversation:status", status: "escalated" });
    };
    try {
      for await (const step of stepsOf(conversation)) {
        if (step.type === "text") write(step.text);
        else if (step.type === "escalate") escalate(step.reason);
        else if (step.type !== "unanswered")
          channels.publish(conversation, toToolEvent(messageId, step));
      }
    } catch (error) {
      if (abort.signal.aborted) return;
      log(`answer failed: ${error instanceof Error ? error.name : "unknown error"}`);
      isFailed = onFailure === "error";
      if (isFailed) channels.publish(conversation, { name: "message:error", message: APOLOGY });
      else write(content === "" ? APOLOGY : `\n\n${APOLOGY}`);
    }
    await hangWhile(() => breaks.end === "never");
    const message = toMessage();
    const isTold = breaks.end === "told" && !isFailed;
    if (content !== "" || !isFailed) save(conversation, message, isTold);
    drafts.delete(conversation.id);
    if (isTold) channels.publish(conversation, { name: "message:complete", message });
    if (reason !== undefined) onEscalation(conversation, reason);
    await hangWhile(() => breaks.end === "stuck");
  }

  return {
    draft: (id: string): Message | undefined => drafts.get(id),

    begin(conversation: Conversation): void {
      channels.setState(conversation, "thinking");
      const turn = answer(conversation)
        .catch((error: unknown) => {
          if (!abort.signal.aborted) log(`answer lost: ${String(error)}`);
        })
        .finally(() => {
          running.delete(turn);
          drafts.delete(conversation.id);
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
  step: Extract<Step, { type: "tool_use" | "tool_result" }>,
): PlatformEvent {
  const common = { messageId, toolUseId: step.id, tool: step.name };
  return step.type === "tool_use"
    ? { name: "message:tool_use", ...common, input: step.input }
    : { name: "message:tool_result", ...common, ok: step.ok, result: step.result };
}
