import { describe, expect, test } from "vitest";
import type { ConversationEvent, Message } from "../../../proxy/protocol.ts";
import { EMPTY_FOLD, foldEvent, type Folded } from "../../../proxy/relay/fold.ts";

const fold = (...events: ConversationEvent[]): Folded => events.reduce(foldEvent, EMPTY_FOLD);

const message = (id: string, role: Message["role"], content: string): Message => ({
  id,
  role,
  content,
  created_at: "",
});

const chunk = (messageId: string, offset: number, text: string): ConversationEvent => ({
  event: "message:chunk",
  data: { messageId, offset, text },
});

const complete = (id: string, content: string, stopped?: true): ConversationEvent => ({
  event: "message:complete",
  data: { message: message(id, "assistant", content), ...(stopped && { stopped }) },
});

const added = (role: Message["role"]): ConversationEvent => ({
  event: "message:new",
  data: { message: message("n1", role, "Hi") },
});

const init = (text: string | null): ConversationEvent => ({
  event: "conversation:init",
  data: {
    state: "responding",
    status: "active",
    messages: [],
    partial: text === null ? null : { messageId: "m1", text },
    hasMore: false,
  },
});

describe("the answer under way", () => {
  test.each<[string, ConversationEvent[], string | null]>([
    ["grows with its chunks", [chunk("m1", 0, "Our "), chunk("m1", 4, "coffee")], "Our coffee"],
    [
      "stays the same when a chunk comes twice",
      [chunk("m1", 0, "Our"), chunk("m1", 0, "Our")],
      "Our",
    ],
    ["goes on from a snapshot", [init("Our "), chunk("m1", 4, "coffee")], "Our coffee"],
    ["is none in a snapshot without one", [chunk("m1", 0, "Our"), init(null)], null],
    ["is unknown without its beginning", [chunk("m1", 4, "coffee")], null],
    ["is unknown with a hole in it", [chunk("m1", 0, "Our"), chunk("m1", 4, "coffee")], null],
    [
      "stays unknown after a hole",
      [chunk("m1", 0, "Our"), chunk("m1", 4, "coffee"), chunk("m1", 10, "!")],
      null,
    ],
    ["begins anew with another message", [chunk("m1", 0, "Our"), chunk("m2", 0, "And")], "And"],
    ["is over at its end", [chunk("m1", 0, "Our"), complete("m1", "Our coffee")], null],
    ["is over when it is stopped", [chunk("m1", 0, "Our"), complete("m1", "Our", true)], null],
    ["is counted in UTF-16 units", [chunk("m1", 0, "👋"), chunk("m1", 2, "!")], "👋!"],
  ])("%s", (_name, events, text) => {
    expect(fold(...events).partial?.text ?? null).toBe(text);
  });
});

test("the tools that run are told to whoever takes over", () => {
  const use: ConversationEvent = {
    event: "message:tool_use",
    data: { messageId: "m1", toolUseId: "t1", name: "search" },
  };
  const result: ConversationEvent = {
    event: "message:tool_result",
    data: { toolUseId: "t1", ok: true },
  };
  expect(fold(use).tools).toEqual([use.data]);
  expect(fold(use, result).tools).toEqual([]);
});

describe("a stopped answer", () => {
  const kept = message("m1", "assistant", "Our");

  test.each<[string, ConversationEvent[], Message | null]>([
    ["is kept while the platform still writes it", [], kept],
    ["is kept when the agent writes on its own", [added("assistant")], kept],
    ["is kept by a snapshot", [init(null)], kept],
    ["is over at the visitor's next message", [added("user")], null],
    ["is over at the next answer", [chunk("m2", 0, "And")], null],
    ["is over at the end of another one", [complete("m2", "And so on")], null],
  ])("%s", (_name, later, stopped) => {
    expect(fold(complete("m1", "Our", true), ...later).stopped).toEqual(stopped);
  });

  test("leaves its length for ever", () => {
    const { cuts } = fold(complete("m1", "Our 👋", true), added("user"), complete("m2", "", true));
    expect([...cuts]).toEqual([
      ["m1", 6],
      ["m2", 0],
    ]);
  });
});

test("the state is the one that was told last", () => {
  const state: ConversationEvent = { event: "conversation:state", data: { state: "thinking" } };
  expect(fold().state).toBe("idle");
  expect(fold(state).state).toBe("thinking");
  expect(fold(state, init(null)).state).toBe("responding");
});

test("events that say nothing of it change nothing, and nothing is changed in place", () => {
  const before = Object.freeze(fold(chunk("m1", 0, "Our"), complete("m0", "Yes", true)));
  const connected: ConversationEvent = { event: "connected", data: { conversationId: "h1" } };
  expect(foldEvent(before, connected)).toBe(before);
  foldEvent(before, complete("m1", "Our", true));
  expect([...before.cuts.keys()]).toEqual(["m0"]);
});

describe("the status", () => {
  const status = (status: "active" | "escalated"): ConversationEvent => ({
    event: "conversation:status",
    data: { status },
  });

  test.each<[string, ConversationEvent[], string]>([
    ["is active", [], "active"],
    ["is what was told last", [status("escalated")], "escalated"],
    ["stays while others are told of", [status("escalated"), chunk("m1", 0, "Our")], "escalated"],
    ["is what a snapshot says", [status("escalated"), init(null)], "active"],
  ])("%s", (_name, events, expected) => {
    expect(fold(...events).status).toBe(expected);
  });
});
