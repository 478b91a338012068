/** Reads one event of Lexey's stream: the text after `data:`, as the streaming guide shows it. Pure. */
import type { ConversationStatus } from "../protocol.ts";
import { isFields } from "./fields.ts";

/** `error` carries no words: those are the platform's, and for nobody here. */
export type LexeyEvent =
  | { type: "delta"; text: string }
  | { type: "status"; status: ConversationStatus }
  | { type: "error" }
  | { type: "done" };

/** Null for what the guide does not name, which its own reader passes over too. */
export function parseLexeyEvent(data: string): LexeyEvent | null {
  if (data.trim() === "[DONE]") return { type: "done" };
  const { type, text, status } = parseFields(data);
  if (type === "delta" && typeof text === "string") return { type, text };
  if (type === "status" && (status === "escalated" || status === "active")) return { type, status };
  return type === "error" ? { type } : null;
}

function parseFields(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}
