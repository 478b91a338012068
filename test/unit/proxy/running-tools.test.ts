import { describe, expect, test } from "vitest";
import type { ConversationEvent, RunningTool } from "../../../proxy/protocol.ts";
import { foldTools } from "../../../proxy/relay/running-tools.ts";

const use = (toolUseId: string, name = "search"): ConversationEvent => ({
  event: "message:tool_use",
  data: { messageId: "m1", toolUseId, name, input: { query: "secret" } },
});
const result = (toolUseId: string): ConversationEvent => ({
  event: "message:tool_result",
  data: { toolUseId, ok: true },
});
const init = (tools?: RunningTool[]): ConversationEvent => ({
  event: "conversation:init",
  data: {
    state: "thinking",
    status: "active",
    messages: [],
    partial: null,
    ...(tools && { tools }),
    hasMore: false,
  },
});
const state = (state: "thinking" | "idle"): ConversationEvent => ({
  event: "conversation:state",
  data: { state },
});
const TEXT: ConversationEvent = {
  event: "message:chunk",
  data: { messageId: "m1", offset: 0, text: "Our" },
};
const END: ConversationEvent = {
  event: "message:complete",
  data: { message: { id: "m1", role: "assistant", content: "Our", created_at: "" } },
};
const FAILURE: ConversationEvent = {
  event: "error",
  data: { code: "platform_timeout", message: "", retryable: true },
};

const fold = (...events: ConversationEvent[]): readonly RunningTool[] =>
  events.reduce(foldTools, []);
const running = (...events: ConversationEvent[]): string[] =>
  fold(...events).map(({ toolUseId }) => toolUseId);

describe("the tools that run", () => {
  test("are known by their answer and their name, and not by what they are given", () => {
    expect(fold(use("t1"))).toEqual([{ messageId: "m1", toolUseId: "t1", name: "search" }]);
  });

  test.each<[string, ConversationEvent[], string[]]>([
    ["several at a time, in the order they were begun", [use("t1"), use("t2")], ["t1", "t2"]],
    ["until their results", [use("t1"), use("t2"), result("t1")], ["t2"]],
    ["once, also when told twice", [use("t1"), use("t1")], ["t1"]],
    ["whatever else has a result", [use("t1"), result("t9")], ["t1"]],
    ["while the agent thinks", [use("t1"), state("thinking")], ["t1"]],
    ["until text follows", [use("t1"), TEXT], []],
    ["until the answer ends", [use("t1"), END], []],
    ["until the answer fails", [use("t1"), FAILURE], []],
    ["until the agent is idle", [use("t1"), state("idle")], []],
    ["as a snapshot says", [init(fold(use("t1")).slice()), use("t2")], ["t1", "t2"]],
    ["no more when a snapshot has none", [use("t1"), init()], []],
  ])("run %s", (_name, events, ids) => {
    expect(running(...events)).toEqual(ids);
  });

  test("are at most twenty, the newest, where no results are told", () => {
    const uses = Array.from({ length: 50 }, (_, index) => use(`t${index}`));
    expect(running(...uses)).toEqual(Array.from({ length: 20 }, (_, index) => `t${index + 30}`));
  });
});
