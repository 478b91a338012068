import { createParser } from "eventsource-parser";
import { describe, expect, test } from "vitest";
import { frameEvent, type LexEvent } from "../../../demo/platform/lex/framing.ts";
import { MISBEHAVIOURS } from "../../../demo/platform/misbehaviour.ts";

const message = {
  id: "m1",
  role: "assistant" as const,
  content: "one\n\ndata: two",
  created_at: "2026-02-25T00:00:00Z",
};

const EVENTS: LexEvent[] = [
  { name: "connected", conversationId: "c1" },
  { name: "conversation:init", conversationId: "c1", state: "idle" },
  { name: "conversation:state", state: "thinking" },
  { name: "message:new", message },
  { name: "message:chunk", messageId: "m1", text: "one\n\nevent: two" },
  { name: "message:complete", message },
  {
    name: "message:tool_use",
    messageId: "m1",
    toolUseId: "t1",
    tool: "search",
    input: { query: "x" },
  },
  {
    name: "message:tool_result",
    messageId: "m1",
    toolUseId: "t1",
    tool: "search",
    ok: true,
    result: [],
  },
];

function read(frame: string) {
  const found: { event: string | undefined; data: unknown }[] = [];
  createParser({
    onEvent: ({ event, data }) => found.push({ event, data: JSON.parse(data) }),
  }).feed(frame);
  return found;
}

describe.each(MISBEHAVIOURS.framing)("framing %s", (framing) => {
  test.each(EVENTS)("writes $name as exactly one frame that names it", (event) => {
    const frames = read(frameEvent(event, framing));

    expect(frames).toHaveLength(1);
    const { event: field, data } = frames[0] ?? { event: undefined, data: undefined };
    const name = {
      named: field,
      typed: (data as { type?: string }).type,
      envelope: (data as { event?: string }).event,
    }[framing];
    expect(name).toBe(event.name);
    expect(field === undefined).toBe(framing !== "named");
  });
});

test("the text of a chunk is under another key in each framing", () => {
  const chunk: LexEvent = { name: "message:chunk", messageId: "m1", text: "Hi" };
  const payloads = MISBEHAVIOURS.framing.map(
    (framing) => read(frameEvent(chunk, framing))[0]?.data,
  );

  expect(payloads).toEqual([
    { messageId: "m1", text: "Hi" },
    { type: "message:chunk", message_id: "m1", token: "Hi" },
    { event: "message:chunk", data: "Hi" },
  ]);
});
