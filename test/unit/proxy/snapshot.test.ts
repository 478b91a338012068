import { describe, expect, test } from "vitest";
import type { Message } from "../../../proxy/protocol.ts";
import { EMPTY_FOLD } from "../../../proxy/relay/fold.ts";
import { applyCuts, toSnapshot } from "../../../proxy/relay/snapshot.ts";

const message = (id: string, content: string): Message => ({
  id,
  role: "assistant",
  content,
  created_at: "2026-02-25T00:00:00Z",
});

const HISTORY = [message("m1", "Hello."), message("m2", "Our coffee is fresh.")];
const PAGE = { messages: HISTORY, hasMore: true };

describe("cuts", () => {
  test.each<[string, Array<[string, number]>, string[]]>([
    ["leave what nobody stopped", [["m9", 3]], ["Hello.", "Our coffee is fresh."]],
    ["end a stopped answer where it was stopped", [["m2", 3]], ["Hello.", "Our"]],
    ["take away one that had no text yet", [["m2", 0]], ["Hello."]],
    ["leave an answer that is shorter", [["m1", 99]], ["Hello.", "Our coffee is fresh."]],
  ])("%s", (_name, cuts, contents) => {
    const shown = applyCuts(new Map(cuts), HISTORY);
    expect(shown.map(({ content }) => content)).toEqual(contents);
    expect(HISTORY[1]?.content).toBe("Our coffee is fresh.");
  });
});

describe("a snapshot", () => {
  test("is the page, and what happens now", () => {
    const partial = { messageId: "m3", text: "We ro" };
    expect(
      toSnapshot(PAGE, { ...EMPTY_FOLD, state: "responding", status: "escalated", partial }),
    ).toEqual({
      state: "responding",
      status: "escalated",
      messages: HISTORY,
      partial,
      hasMore: true,
    });
  });

  test("names the tools that run", () => {
    const tools = [{ messageId: "m3", toolUseId: "t1", name: "search" }];
    expect(toSnapshot(PAGE, { ...EMPTY_FOLD, tools }).tools).toEqual(tools);
  });

  test("shows no part of an answer that is there whole", () => {
    const partial = { messageId: "m2", text: "Our cof" };
    expect(toSnapshot(PAGE, { ...EMPTY_FOLD, partial }).partial).toBeNull();
  });

  test.each<[string, Message, string[]]>([
    [
      "with what was kept of an answer that the history lacks",
      message("m3", "We"),
      ["m1", "m2", "m3"],
    ],
    ["without a stopped answer that had no text", message("m3", ""), ["m1", "m2"]],
    ["with a stopped answer once", message("m2", "Our"), ["m1", "m2"]],
  ])("comes %s", (_name, stopped, ids) => {
    const { messages } = toSnapshot(PAGE, { ...EMPTY_FOLD, stopped });
    expect(messages.map(({ id }) => id)).toEqual(ids);
  });
});
