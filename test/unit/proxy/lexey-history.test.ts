import { describe, expect, test } from "vitest";
import { awaitsAnswer, readHistory, toPage } from "../../../proxy/platforms/lexey-history.ts";
import { PlatformError, type PageQuery } from "../../../proxy/platforms/platform.ts";

const AT = "2026-02-19T04:00:10.000Z";
const say = (role: string, content: unknown, createdAt: unknown = AT) => ({
  role,
  content,
  createdAt,
});
const HISTORY = ["user", "assistant", "user", "assistant", "user"].map((role, position) =>
  say(role, `Text ${position}`),
);

function read(query: PageQuery, history: readonly unknown[] = HISTORY) {
  const { messages, hasMore } = toPage(history, query);
  return [messages.map(({ id }) => id).join(" "), hasMore];
}

describe("a page", () => {
  test("has the position of each message for its id", () => {
    expect(toPage(HISTORY.slice(0, 2), {})).toEqual({
      messages: [
        { id: "m0", role: "user", content: "Text 0", created_at: AT },
        { id: "m1", role: "assistant", content: "Text 1", created_at: AT },
      ],
      hasMore: false,
    });
  });

  test.each<[PageQuery, string, boolean]>([
    [{}, "m0 m1 m2 m3 m4", false],
    [{ limit: 5 }, "m0 m1 m2 m3 m4", false],
    [{ limit: 2 }, "m3 m4", true],
    [{ since: "m2" }, "m3 m4", false],
    [{ since: "m0", limit: 2 }, "m1 m2", true],
    [{ since: "m4" }, "", false],
    [{ since: "m9" }, "", false],
    [{ before: "m2" }, "m0 m1", false],
    [{ before: "m4", limit: 2 }, "m2 m3", true],
    [{ before: "m0", limit: 2 }, "", false],
    [{ before: "m9" }, "m0 m1 m2 m3 m4", false],
    [{ since: "m0", before: "m3" }, "m1 m2", false],
  ])("of %j is %s, with more beyond it: %s", (query, ids, hasMore) => {
    expect(read(query)).toEqual([ids, hasMore]);
  });

  test("leaves out what no visitor may see, and the others keep their places", () => {
    const mixed = [say("system", "Be kind"), say("user", "Hi"), "?", null, say("assistant", 7)];
    expect(read({}, [...mixed, say("assistant", "Hello")])).toEqual(["m1 m5", false]);
    expect(read({ limit: 1 }, [...mixed, say("assistant", "Hello")])).toEqual(["m5", true]);
  });

  test.each(["", "m", "m-1", "m01", "m1.5", "7", "m9999999999", "a1b2c3d4-0000-4000-8000-0"])(
    "around %j, which no message can have, is refused with 400",
    (since) => {
      expect(() => toPage(HISTORY, { since })).toThrow(PlatformError);
      expect(() => toPage(HISTORY, { since })).toThrow(expect.objectContaining({ status: 400 }));
    },
  );
});

test.each([null, [], {}, { messages: null }, { messages: "none" }])(
  "a history of %j is none",
  (answer) => {
    expect(() => readHistory(answer)).toThrow(expect.objectContaining({ failure: "invalid" }));
  },
);

describe("an answer", () => {
  const NOW = Date.parse(AT);

  test.each([
    ["is awaited after a question", [say("user", "Hi")], 0, true],
    ["is awaited for two minutes", [say("user", "Hi")], 119_000, true],
    ["is awaited no longer", [say("user", "Hi")], 121_000, false],
    ["is not awaited when it is there", [say("user", "Hi"), say("assistant", "Hello")], 0, false],
    ["is not awaited without a question", [], 0, false],
    ["is not awaited when the question has no time", [say("user", "Hi", 7)], 0, false],
  ])("%s", (_name, history, afterMs, isAwaited) => {
    expect(awaitsAnswer(history, 120_000, NOW + afterMs)).toBe(isAwaited);
  });
});
