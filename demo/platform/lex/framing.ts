import type { PlatformEvent } from "../events.ts";
import type { Framing } from "../misbehaviour.ts";

const NOT_ON_LEX = ["conversation:status", "message:error"] as const;

/** What Lex documents an event for. */
export type LexEvent = Exclude<PlatformEvent, { name: (typeof NOT_ON_LEX)[number] }>;

export function isLexEvent(event: PlatformEvent): event is LexEvent {
  return !NOT_ON_LEX.some((name) => name === event.name);
}

/**
 * One SSE frame. Lex documents the names of its events and nothing of their payloads: the three
 * framings differ in where the name is and in the keys, as far as clients must bear it.
 */
export function frameEvent(event: LexEvent, framing: Framing): string {
  if (framing === "named") return `event: ${event.name}\n${toDataLine(toFlat(event))}`;
  if (framing === "typed") return toDataLine({ type: event.name, ...toTyped(event) });
  return toDataLine({ event: event.name, data: toEnveloped(event) });
}

/** JSON has no raw newline, so one data line is enough. */
function toDataLine(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function toFlat(event: LexEvent): Record<string, unknown> {
  switch (event.name) {
    case "message:new":
    case "message:complete":
      return event.message;
    case "message:tool_use":
      return {
        messageId: event.messageId,
        id: event.toolUseId,
        name: event.tool,
        input: event.input,
      };
    case "message:tool_result":
      return { messageId: event.messageId, id: event.toolUseId, result: event.result };
    default: {
      const { name: _, ...data } = event;
      return data;
    }
  }
}

function toTyped(event: LexEvent): Record<string, unknown> {
  switch (event.name) {
    case "connected":
      return {};
    case "message:chunk":
      return { message_id: event.messageId, token: event.text };
    case "message:new":
    case "message:complete":
      return { message: event.message };
    case "message:tool_use":
      return { tool_use_id: event.toolUseId, tool: event.tool, input: event.input };
    case "message:tool_result":
      return { tool_use_id: event.toolUseId, output: event.result, is_error: !event.ok };
    case "conversation:state":
    case "conversation:init":
      // As in /status, where idle is null.
      return { state: event.state === "idle" ? null : event.state };
  }
}

function toEnveloped(event: LexEvent): unknown {
  switch (event.name) {
    case "connected":
      return null;
    case "message:chunk":
      return event.text;
    case "message:new":
      return { message: event.message };
    case "message:complete":
      return { messageId: event.message.id, text: event.message.content };
    case "message:tool_use":
      return { tool: { id: event.toolUseId, name: event.tool, input: event.input } };
    case "message:tool_result":
      return { tool: { id: event.toolUseId, name: event.tool }, content: event.result };
    case "conversation:state":
      return event.state;
    case "conversation:init":
      return { conversation: { id: event.conversationId, state: event.state } };
  }
}
