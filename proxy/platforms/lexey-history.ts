/** Lexey's history, which has neither ids nor pages: a message's id is its position, `m0`, `m1`, … Pure. */
import type { Message } from "../protocol.ts";
import { isFields, type Fields } from "./fields.ts";
import { PlatformError, type Page, type PageQuery } from "./platform.ts";

/** As it came: what is no message keeps its place, so that positions stay what they are. */
export type LexeyHistory = readonly unknown[];

export const toMessageId = (position: number): string => `m${position}`;

/** Of an answer that is being written: if it fails, its place is the next question's. */
export const toLiveId = (position: number): string => `m${position}~`;

/** Throws a `PlatformError` when there are no messages in the answer. */
export function readHistory(answer: unknown): LexeyHistory {
  if (isFields(answer) && Array.isArray(answer["messages"])) return answer["messages"];
  throw new PlatformError("invalid", "the platform's history has no messages");
}

/**
 * A page as Lex would give it: after `since` from there on, else the newest. Throws a `PlatformError`
 * of status 400 for an id that no message can have; a position past the end has nothing after it.
 */
export function toPage(history: LexeyHistory, { since, before, limit }: PageQuery): Page {
  const start = since === undefined ? 0 : toPosition(since) + 1;
  const end = before === undefined ? history.length : toPosition(before);
  const all = history.slice(0, end).flatMap(toMessage);
  const messages = all.filter(({ id }) => toPosition(id) >= start);
  if (limit === undefined || messages.length <= limit) return { messages, hasMore: false };
  const shown = since === undefined ? messages.slice(-limit) : messages.slice(0, limit);
  return { messages: shown, hasMore: true };
}

function toPosition(id: string): number {
  const [, digits] = /^m(0|[1-9]\d{0,8})$/.exec(id) ?? [];
  if (digits !== undefined) return Number(digits);
  throw new PlatformError("refused", "no message has such an id", { status: 400 });
}

/** Built field by field; only what a visitor may see. */
function toMessage(raw: unknown, position: number): Message[] {
  const { role, content, createdAt } = isFields(raw) ? raw : ({} as Fields);
  if ((role !== "user" && role !== "assistant") || typeof content !== "string") return [];
  const created_at = typeof createdAt === "string" ? createdAt : new Date(0).toISOString();
  return [{ id: toMessageId(position), role, content, created_at }];
}

/** The newest message is a question, and younger than what is waited for its answer. */
export function awaitsAnswer(
  history: LexeyHistory,
  patienceMs: number,
  now: number = Date.now(),
): boolean {
  const [newest] = history.slice(-1).flatMap(toMessage);
  return newest?.role === "user" && now - Date.parse(newest.created_at) < patienceMs;
}
