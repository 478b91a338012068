/** A translator with what it emits and asks for, and short ways to write the platform's events. */
import type { PlatformEvent, PlatformMessage } from "../../../proxy/platforms/platform.ts";
import type { ConversationEvent } from "../../../proxy/protocol.ts";
import { createTranscript } from "../../../proxy/relay/transcript.ts";
import { createTranslator } from "../../../proxy/relay/translator.ts";

export const AT = "2026-03-01T12:00:00Z";

export function startTranslator(options: { coalesceMs?: number; toolDetails?: boolean } = {}) {
  const events: ConversationEvent[] = [];
  const asked = { incomplete: 0, idle: 0, answered: 0, failed: 0 };
  const transcript = createTranscript();
  const translator = createTranslator({
    transcript,
    coalesceMs: options.coalesceMs ?? 0,
    toolDetails: options.toolDetails ?? false,
    emit: (event) => events.push(event),
    onIncomplete: () => (asked.incomplete += 1),
    onIdle: () => (asked.idle += 1),
    onAnswered: () => (asked.answered += 1),
    onFailed: () => (asked.failed += 1),
  });
  const apply = (...all: PlatformEvent[]): void => all.forEach(translator.apply);
  return { translator, transcript, events, asked, apply };
}

const toMessage = (message: Partial<PlatformMessage>): PlatformMessage => ({
  id: null,
  role: null,
  content: null,
  createdAt: AT,
  ...message,
});

export const state = (state: "thinking" | "responding" | "idle"): PlatformEvent => ({
  type: "state",
  state,
});
export const init = (state: "thinking" | "responding" | "idle" | null): PlatformEvent => ({
  type: "init",
  state,
});
export const chunk = (messageId: string | null, text: string): PlatformEvent => ({
  type: "chunk",
  messageId,
  text,
});
export const complete = (
  id: string | null,
  content: string | null,
  role: PlatformMessage["role"] = null,
): PlatformEvent => ({ type: "complete", message: toMessage({ id, content, role }) });
export const saved = (
  role: PlatformMessage["role"],
  id: string | null,
  content: string | null,
): PlatformEvent => ({ type: "message", message: toMessage({ id, role, content }) });
export const toolUse = (messageId: string | null, toolUseId: string | null): PlatformEvent => ({
  type: "tool-use",
  messageId,
  toolUseId,
  name: "search",
  input: { query: "secret" },
});
export const toolResult = (toolUseId: string | null, ok = true): PlatformEvent => ({
  type: "tool-result",
  toolUseId,
  ok,
  result: "secret",
});

/** One line for each event, in the order and words a test compares. */
export const told = (events: readonly ConversationEvent[], names: Record<string, string> = {}) =>
  events.map(({ event, data }) => {
    const name = (id: string): string => names[id] ?? id;
    switch (event) {
      case "message:chunk":
        return `chunk ${name(data.messageId)} ${data.offset} ${data.text}`;
      case "message:complete": {
        const was = data.provisionalId === undefined ? "" : ` was ${name(data.provisionalId)}`;
        const stopped = data.stopped ? " stopped" : "";
        return `complete ${name(data.message.id)}${was}${stopped}: ${data.message.content}`;
      }
      case "message:new":
        return `new ${data.message.role} ${data.message.id}: ${data.message.content}`;
      case "message:tool_use":
        return `tool ${name(data.toolUseId)} of ${name(data.messageId)}`;
      case "message:tool_result":
        return `result of ${name(data.toolUseId)}: ${data.ok}`;
      case "conversation:state":
        return data.state;
      default:
        return event;
    }
  });

/** The same; ids that the proxy made up are random and called P1, P2 … in the order they appear. */
export function tell(events: readonly ConversationEvent[]): string[] {
  const uuid = /[0-9a-f]{8}-[0-9a-f-]{27}/g;
  const found = [...new Set(JSON.stringify(events).match(uuid) ?? [])];
  return told(events, Object.fromEntries(found.map((id, index) => [id, `P${index + 1}`])));
}

/** What the page is told of these events, by a translator of its own. */
export function translate(...all: PlatformEvent[]): string[] {
  const { apply, events } = startTranslator();
  apply(...all);
  return tell(events);
}
