import { createParser } from "eventsource-parser";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ConversationEvent } from "../../../proxy/protocol.ts";
import {
  encodeComment,
  encodeEvent,
  encodeOpening,
  encodeRetry,
  SSE_HEADERS,
} from "../../../proxy/relay/sse.ts";

type Read = { id: string | undefined; event: string | undefined; data: unknown };

function read(stream: string): Read[] {
  const found: Read[] = [];
  createParser({
    onEvent: ({ id, event, data }) => found.push({ id, event, data: JSON.parse(data) }),
  }).feed(stream);
  return found;
}

const chunk = (text: string): ConversationEvent => ({
  event: "message:chunk",
  data: { messageId: "m1", offset: 0, text },
});

test("an event is one frame: id, name, data, blank line", () => {
  expect(encodeEvent(chunk("Hi"), "abc-1")).toBe(
    'id: abc-1\nevent: message:chunk\ndata: {"messageId":"m1","offset":0,"text":"Hi"}\n\n',
  );
});

test("without an id there is no id line, so the reader keeps its last one", () => {
  expect(encodeEvent(chunk("Hi"), null)).toMatch(/^event: message:chunk\n/);
});

describe("text that tries to forge fields or events", () => {
  test.each([
    "\n\nevent: error\ndata: {}\n\n",
    "\r\rid: 999\r\r",
    "\r\n\r\ndata: forged\r\n\r\n",
    "a\u0000b",
    "a\u2028\u2029b",
    "\ud83d",
    ": comment\nretry: 1",
  ])("%j arrives as text", (text) => {
    expect(read(encodeEvent(chunk(text), "abc-1"))).toEqual([
      { id: "abc-1", event: "message:chunk", data: { messageId: "m1", offset: 0, text } },
    ]);
  });

  test("any text comes back, in a single event", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (text) => {
        expect(read(encodeEvent(chunk(text), "abc-1"))).toMatchObject([{ data: { text } }]);
      }),
    );
  });

  test.each(["a\nb", "a\rb", "a\u0000b"])("in an id or a comment %j is refused", (value) => {
    expect(() => encodeEvent(chunk("Hi"), value)).toThrow("line break");
    expect(() => encodeComment(value)).toThrow("line break");
  });
});

test("padding is a comment of varying length that readers do not see", () => {
  const frames = Array.from({ length: 50 }, () => encodeEvent(chunk("Hi"), "abc-1", true));

  expect(new Set(frames.map((frame) => frame.length)).size).toBeGreaterThan(10);
  expect(Math.max(...frames.map((frame) => frame.length))).toBeLessThan(400);
  for (const frame of frames) expect(read(frame)).toEqual(read(encodeEvent(chunk("Hi"), "abc-1")));
});

test("the opening is a comment of 2 KB", () => {
  expect(encodeOpening().length).toBeGreaterThan(2048);
  expect(read(encodeOpening() + encodeComment("heartbeat"))).toEqual([]);
});

test("the waiting time is a whole number of milliseconds", () => {
  const retries: number[] = [];
  createParser({ onEvent: () => undefined, onRetry: (retry) => retries.push(retry) }).feed(
    encodeRetry(1499.6),
  );

  expect(retries).toEqual([1500]);
});

test("the headers keep proxies from buffering and compressing", () => {
  expect(SSE_HEADERS["cache-control"]).toContain("no-transform");
  expect(SSE_HEADERS["x-accel-buffering"]).toBe("no");
  expect(SSE_HEADERS["content-type"]).toMatch(/^text\/event-stream/);
});
