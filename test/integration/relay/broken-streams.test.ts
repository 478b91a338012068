/** The platform's stream breaks in every way it can; its history and its other calls work. */
import { describe, expect, test } from "vitest";
import type { Breaks } from "../../../demo/platform/index.ts";
import { MISBEHAVIOURS } from "../../../demo/platform/misbehaviour.ts";
import { tile } from "../../support/event-stream.ts";
import {
  askBroken,
  expectSame,
  FAST_TIMES,
  QUESTION,
  send,
  startBrokenChat,
} from "./broken-chat.ts";

const FAULTS: Array<[string, Partial<Breaks>]> = [
  ["ends in the middle of an event", { fault: "end" }],
  ["is reset in the middle of an event", { fault: "reset" }],
  ["stalls, heartbeats included", { fault: "stall" }],
  ["brings an event of 10 MB", { fault: "huge" }],
  ["brings bytes that are no UTF-8", { fault: "invalid" }],
];

describe.each(FAULTS)("each time that its stream %s", (_name, breaks) => {
  test.each([[0], [2], [5], [12], [40]])(
    "after %d events, a viewer ends up with what the platform has",
    async (faultAfter) => {
      const chat = await startBrokenChat();
      await askBroken(chat, { ...breaks, faultAfter });
    },
  );
});

const EVENTS: Array<[string, Partial<Breaks>]> = [
  ["twice", { copies: 2 }],
  ["three times", { copies: 3 }],
  ["out of order", { order: "swapped" }],
  ["out of order and twice", { order: "swapped", copies: 2 }],
  ["cut into single bytes", { pieceBytes: 1 }],
  ["cut into pieces of seven bytes", { pieceBytes: 7 }],
];

describe.each(EVENTS)("events that come %s", (_name, breaks) => {
  test.each(MISBEHAVIOURS.framing)(
    "in the framing %s leave a viewer with what the platform has",
    async (framing) => {
      const chat = await startBrokenChat({ framing });
      await askBroken(chat, breaks);
    },
  );
});

test("bytes that come one by one are streamed as they come", async () => {
  // So many writes take their time: the relay has to be as patient as it really is.
  const chat = await startBrokenChat({}, { relayTimes: {} });
  const { stream, shown } = await askBroken(chat, { pieceBytes: 2 });
  const { text, isGapless } = tile(stream);

  expect({ text, isGapless }).toEqual({ text: shown.messages.at(-1)?.content, isGapless: true });
});

test("a stream that stalls while the agent thinks is replaced, and the answer streamed", async () => {
  const relayTimes = { ...FAST_TIMES, stallMs: 60_000 };
  const chat = await startBrokenChat({ thinkingMs: 3000 }, { relayTimes });
  const { conversationId: handle } = await send(chat, "Hello");
  const stream = await chat.visitor.stream(handle);
  await expectSame(chat, handle, stream);
  chat.misbehave({ fault: "stall", faultAfter: 0 });
  await send(chat, QUESTION, handle);
  chat.misbehave({ fault: "none" });
  const { messages } = await expectSame(chat, handle, stream);

  const answer = messages.at(-1);
  const pieces = stream.all("message:chunk").filter(({ messageId }) => messageId === answer?.id);
  expect(pieces.map(({ text }) => text).join("")).toBe(answer?.content);
});

describe("memory", () => {
  test("does not grow with events of ten megabytes", async () => {
    const chat = await startBrokenChat();
    const { stream } = await askBroken(chat, { fault: "huge", faultAfter: 0 });

    expect(stream.raw().length).toBeLessThan(100_000);
  });
});
