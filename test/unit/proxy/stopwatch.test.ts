import { expect, test } from "vitest";
import type { PlatformEvent } from "../../../proxy/platforms/platform.ts";
import type { ConversationEvent, Message } from "../../../proxy/protocol.ts";
import { UNOBSERVED } from "../../../proxy/relay/observer.ts";
import { createStopwatch } from "../../../proxy/relay/stopwatch.ts";

const CHUNK: PlatformEvent = { type: "chunk", messageId: "m", text: "Hi" };
const IDLE: PlatformEvent = { type: "state", state: "idle" };
const message: Message = { id: "m", role: "assistant", content: "Hi", created_at: "" };

const WRITTEN: ConversationEvent = {
  event: "message:chunk",
  data: { messageId: "m", offset: 0, text: "Hi" },
};
const COMPLETE: ConversationEvent = { event: "message:complete", data: { message } };
const STOPPED: ConversationEvent = { event: "message:complete", data: { message, stopped: true } };
const FAILED: ConversationEvent = {
  event: "error",
  data: { code: "platform_timeout", message: "", retryable: true },
};

function watching() {
  const seen: string[] = [];
  let now = 0;
  const observer = {
    ...UNOBSERVED,
    answerBegan: (seconds: number) => void seen.push(`began after ${seconds}`),
    relayed: (seconds: number) => void seen.push(`relayed in ${seconds}`),
  };
  const stopwatch = createStopwatch(observer, () => now);
  return { seen, stopwatch, pass: (milliseconds: number) => void (now += milliseconds) };
}

test("the first text of an answer is timed from the platform's accepting the message, once", () => {
  const { seen, stopwatch, pass } = watching();
  stopwatch.onAccepted();
  pass(750);
  stopwatch.onPublish(WRITTEN)();
  pass(1000);
  stopwatch.onPublish(WRITTEN)();
  stopwatch.onPublish(COMPLETE)();

  expect(seen).toEqual(["began after 0.75"]);
});

test("an answer that comes whole begins with its end", () => {
  const { seen, stopwatch, pass } = watching();
  stopwatch.onAccepted();
  pass(2000);
  stopwatch.onPublish(COMPLETE)();

  expect(seen).toEqual(["began after 2"]);
});

test.each([
  ["is stopped before its first text", STOPPED],
  ["never comes", FAILED],
])("an answer that %s has no such time, and the next one has its own", (_name, event) => {
  const { seen, stopwatch, pass } = watching();
  stopwatch.onAccepted();
  pass(5000);
  stopwatch.onPublish(event)();
  stopwatch.onPublish(WRITTEN)();
  stopwatch.onAccepted();
  pass(100);
  stopwatch.onPublish(WRITTEN)();

  expect(seen).toEqual(["began after 0.1"]);
});

test("a frame's delay counts from the oldest chunk that it joins", () => {
  const { seen, stopwatch, pass } = watching();
  for (let count = 0; count < 3; count += 1) {
    stopwatch.onRead(CHUNK);
    stopwatch.onApplied(CHUNK);
    pass(10);
  }
  stopwatch.onPublish(WRITTEN)();

  expect(seen).toEqual(["relayed in 0.03"]);
});

test("a frame's delay lasts until it is written, while the next one has its own", () => {
  const { seen, stopwatch, pass } = watching();
  stopwatch.onRead(CHUNK);
  const onWritten = stopwatch.onPublish(WRITTEN);
  pass(2);
  stopwatch.onRead(CHUNK);
  stopwatch.onPublish(WRITTEN)();
  pass(3);
  onWritten();

  expect(seen).toEqual(["relayed in 0", "relayed in 0.005"]);
});

test("a chunk that is not shown delays no later frame", () => {
  const { seen, stopwatch, pass } = watching();
  stopwatch.onRead(CHUNK);
  stopwatch.onApplied(CHUNK);
  stopwatch.onRead(IDLE);
  stopwatch.onApplied(IDLE);
  pass(60_000);
  stopwatch.onRead(CHUNK);
  pass(5);
  stopwatch.onPublish(WRITTEN)();

  expect(seen).toEqual(["relayed in 0.005"]);
});
