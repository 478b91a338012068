import type { Request } from "express";
import type { Chat } from "../chat.ts";
import { Refusal } from "../refusal.ts";
import type { Page } from "../storage/messages.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/**
 * Reads `since`, `before` and `limit` (1–1000, 100 when absent). Refuses with 400 what is malformed
 * or names no message of the conversation.
 */
export function readPage(request: Request, chat: Chat, conversation: string): Page {
  const readId = (name: "since" | "before"): string | undefined => {
    const value = request.query[name];
    if (value === undefined) return undefined;
    if (typeof value !== "string" || !chat.hasMessage(conversation, value)) {
      throw new Refusal(400, `${name} must be the id of a message of this conversation`);
    }
    return value;
  };
  return {
    since: readId("since"),
    before: readId("before"),
    limit: readLimit(request.query.limit),
  };
}

function readLimit(value: unknown): number {
  if (value === undefined) return DEFAULT_LIMIT;
  const limit = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : 0;
  if (limit < 1 || limit > MAX_LIMIT) {
    throw new Refusal(400, `limit must be a whole number from 1 to ${MAX_LIMIT}`);
  }
  return limit;
}
