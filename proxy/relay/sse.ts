/** Writes server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). Pure. */
import { randomInt } from "node:crypto";
import type { ConversationEvent } from "../protocol.ts";

/** `no-transform` and `x-accel-buffering` keep compressing and buffering proxies from holding events back. */
export const SSE_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-store, no-transform",
  "x-accel-buffering": "no",
} as const;

/** Longer than the thresholds under which some middleboxes keep the first bytes back. */
const OPENING_BYTES = 2048;
const MAX_PADDING_CHARACTERS = 256;

/** The JSON of an event never holds a line break, so one `data:` line carries it whole. */
export function encodeEvent(event: ConversationEvent, id: string | null, padding = false): string {
  const pad = padding ? `: ${"p".repeat(randomInt(MAX_PADDING_CHARACTERS))}\n` : "";
  return `${pad}${id === null ? "" : `id: ${field(id)}\n`}event: ${field(event.event)}\ndata: ${JSON.stringify(event.data)}\n\n`;
}

/** A comment keeps the connection alive and is invisible to event handlers. */
export function encodeComment(text: string): string {
  return `: ${field(text)}\n\n`;
}

/** Tells the reader how long to wait before it connects again, in milliseconds. */
export function encodeRetry(milliseconds: number): string {
  return `retry: ${Math.round(milliseconds)}\n\n`;
}

/** What a stream starts with. */
export const encodeOpening = (): string => `:${" ".repeat(OPENING_BYTES)}\n\n`;

// A line break inside a field would let its content forge fields and events.
function field(value: string): string {
  if (/[\r\n\0]/.test(value)) throw new TypeError("an SSE field must not hold a line break or NUL");
  return value;
}
