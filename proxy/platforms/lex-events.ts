/**
 * Reads the events of Lex's stream. Lex documents their names and not their payloads, so the name may
 * come as the SSE `event:` field or as `type`/`event` in the JSON; the payload flat or in an envelope
 * (`data`, `payload`); a text under any plausible key or as a bare string. Pure.
 */
import type { ConversationState } from "../protocol.ts";
import { isFields, type Fields } from "./fields.ts";
import type { PlatformEvent, PlatformMessage } from "./platform.ts";

const NAMES = new Set([
  "connected",
  "conversation:init",
  "conversation:state",
  "message:new",
  "message:chunk",
  "message:complete",
  "message:tool_use",
  "message:tool_result",
]);

/** Null for `connected`, for events that Lex does not document, and for what can't be read. */
export function parseLexEvent(sse: {
  event?: string | undefined;
  data: string;
}): PlatformEvent | null {
  const parsed = parseData(sse.data);
  const outer = isFields(parsed) ? parsed : {};
  const name = [sse.event, outer["type"], outer["event"], outer["name"]].find(
    (candidate): candidate is string => typeof candidate === "string" && NAMES.has(candidate),
  );
  if (name === undefined) return null;
  const payload = isFields(parsed) ? unwrap(outer) : parsed;
  return toEvent(name, payload);
}

function parseData(data: string): unknown {
  try {
    const value: unknown = JSON.parse(data);
    // A token such as `42` or `true` that was sent as it is parses as JSON, and is text all the same.
    return typeof value === "string" || isFields(value) ? value : data;
  } catch {
    return data;
  }
}

/** An envelope has its payload under `data` or `payload`, and beside it only its name and ids. */
function unwrap(outer: Fields): unknown {
  for (const key of ["data", "payload"]) {
    const inner = outer[key];
    if (isFields(inner)) return { ...pick(outer, "conversationId", "messageId", "id"), ...inner };
    if (typeof inner === "string") return { ...outer, text: inner };
  }
  return outer;
}

function toEvent(name: string, payload: unknown): PlatformEvent | null {
  const fields = isFields(payload) ? payload : {};
  switch (name) {
    case "conversation:init":
      return { type: "init", state: readState(payload) ?? readState(fields["conversation"]) };
    case "conversation:state":
      return { type: "state", state: readState(payload) ?? readState(fields["text"]) ?? "idle" };
    case "message:new":
      return { type: "message", message: readMessage(payload) };
    case "message:complete":
      return { type: "complete", message: readMessage(payload) };
    case "message:chunk": {
      const text = readText(payload);
      return text === null ? null : { type: "chunk", messageId: readMessageId(fields), text };
    }
    case "message:tool_use":
      return readToolUse(fields);
    case "message:tool_result":
      return readToolResult(fields);
    default:
      return null;
  }
}

function readToolUse(fields: Fields): PlatformEvent {
  const tool = firstFields(fields, "tool", "toolUse", "tool_use", "message") ?? fields;
  return {
    type: "tool-use",
    messageId: firstString(fields, "messageId", "message_id"),
    toolUseId: readToolUseId(tool),
    name:
      firstString(tool, "name", "toolName", "tool_name", "tool") ??
      firstString(fields, "tool") ??
      "tool",
    input: tool["input"] ?? tool["arguments"] ?? tool["args"] ?? null,
  };
}

const readToolUseId = (tool: Fields): string | null =>
  firstString(tool, "toolUseId", "tool_use_id", "toolCallId", "callId", "id");

function readToolResult(fields: Fields): PlatformEvent {
  const tool = firstFields(fields, "toolResult", "tool_result", "message") ?? fields;
  const failed = tool["is_error"] ?? tool["isError"] ?? tool["error"] ?? null;
  const ok =
    !failed && tool["ok"] !== false && tool["success"] !== false && tool["status"] !== "error";
  return {
    type: "tool-result",
    toolUseId: readToolUseId(tool) ?? readToolUseId(firstFields(fields, "tool") ?? {}),
    ok,
    result: tool["result"] ?? tool["output"] ?? tool["content"] ?? null,
  };
}

/** A message, under `message` or flat. A missing part is null; the relay looks it up in the history. */
export function readMessage(payload: unknown): PlatformMessage {
  const fields = isFields(payload) ? payload : {};
  const message = firstFields(fields, "message") ?? fields;
  return {
    id: firstString(message, "id", "messageId", "message_id") ?? readMessageId(fields),
    role: readRole(message["role"] ?? message["from"] ?? message["sender"] ?? fields["role"]),
    content: readText(message === fields ? payload : message),
    createdAt: firstString(message, "created_at", "createdAt", "timestamp"),
  };
}

function readRole(role: unknown): PlatformMessage["role"] {
  if (typeof role !== "string") return null;
  if (["assistant", "lex", "agent", "bot"].includes(role)) return "assistant";
  return ["user", "human", "customer"].includes(role) ? "user" : null;
}

function readMessageId(fields: Fields): string | null {
  const message = firstFields(fields, "message");
  return (
    firstString(fields, "messageId", "message_id") ??
    (message ? firstString(message, "id") : firstString(fields, "id"))
  );
}

function readText(payload: unknown): string | null {
  if (typeof payload === "string") return payload;
  if (!isFields(payload)) return null;
  for (const key of ["text", "content", "chunk", "token", "delta", "value", "message"]) {
    const value = payload[key];
    if (typeof value === "string") return value;
    if (isFields(value)) {
      const inner = firstString(value, "text", "content");
      if (inner !== null) return inner;
    }
    // Content blocks, as several model APIs write them.
    if (Array.isArray(value)) return value.map((block) => readText(block) ?? "").join("");
  }
  return null;
}

/** `null` and `idle` are the same: Lex's `/status` says null where its events say idle. */
export function readState(payload: unknown): ConversationState | null {
  const value = isFields(payload)
    ? "state" in payload
      ? payload["state"]
      : payload["status"]
    : payload;
  if (value === "thinking" || value === "responding" || value === "idle") return value;
  if (isFields(value)) return readState(value);
  return value === null ? "idle" : null;
}

function firstString(fields: Fields, ...keys: string[]): string | null {
  for (const key of keys) {
    const value = fields[key];
    if (typeof value === "string" && value !== "") return value;
  }
  return null;
}

function firstFields(fields: Fields, ...keys: string[]): Fields | null {
  for (const key of keys) {
    const value = fields[key];
    if (isFields(value)) return value;
  }
  return null;
}

function pick(fields: Fields, ...keys: string[]): Fields {
  return Object.fromEntries(keys.filter((key) => key in fields).map((key) => [key, fields[key]]));
}
