import { describe, expect, it } from "vitest";
import { addUnsent, emptyTranscript, markFailed } from "../../../widget/state/transcript.ts";
import { sendAgain, agent, apply, event, init, user } from "./events.ts";

describe("a message of which it is not known whether it was sent", () => {
  const unknown = { code: "send_outcome_unknown", retryable: true } as const;
  const begun = apply(emptyTranscript, event("message:new", { message: agent("a0") }));
  const lost = markFailed(addUnsent(begun, { ...user("", "Hello"), key: "key" }), "key", unknown);

  it.each([
    ["a message without a key", event("message:new", { message: user("u1", "Hello") })],
    ["its own key", event("message:new", { message: user("u1", "Hello"), key: "key" })],
    ["a snapshot", init({ messages: [agent("a0"), user("u1", "Hello")] })],
  ])("has arrived when %s says so, and is there once", (_, told) => {
    for (const before of [lost, sendAgain(lost, "key")]) {
      const { entries } = apply(before, told);
      expect(entries).toHaveLength(2);
      expect(entries[1]).toMatchObject({ uid: "key", id: "u1", content: "Hello" });
      expect(entries[1]?.delivery).toBeUndefined();
      expect(entries[1]?.failure).toBeUndefined();
    }
  });

  it.each([
    ["another text", event("message:new", { message: user("u1", "Hi") })],
    ["another tab's key", event("message:new", { message: user("u1", "Hello"), key: "other" })],
    ["an older message", init({ messages: [user("u1", "Hello"), agent("a0")] })],
    ["messages none of which is known", init({ messages: [user("u1", "Hello")] })],
  ])("is not taken for %s", (_, told) => {
    const own = apply(lost, told).entries.find(({ uid }) => uid === "key");
    expect(own).toMatchObject({ id: "key", delivery: "failed" });
  });

  it("claims each of two messages with the same text for one copy", () => {
    const twice = markFailed(
      addUnsent(lost, { ...user("", "Hello"), key: "key2" }),
      "key2",
      unknown,
    );
    const told = [agent("a0"), user("u1", "Hello"), user("u2", "Hello")];
    const { entries } = apply(twice, init({ messages: told }));
    expect(entries.map(({ uid, id }) => [uid, id])).toEqual([
      ["a0", "a0"],
      ["key", "u1"],
      ["key2", "u2"],
    ]);
  });

  it("stays unsure when sending it again fails for another reason", () => {
    const busy = { code: "conversation_busy", retryable: true } as const;
    const again = markFailed(sendAgain(lost, "key"), "key", busy);
    expect(again.entries.at(-1)?.failure?.code).toBe("send_outcome_unknown");
  });

  it("does not fail when it was told meanwhile that it did arrive", () => {
    const arrived = apply(lost, event("message:new", { message: user("u1", "Hello") }));
    expect(markFailed(arrived, "key", { code: "network", retryable: true })).toBe(arrived);
  });
});

describe("the copy of a message that is being sent", () => {
  it("is not taken for another tab's message with the same text", () => {
    const sending = addUnsent(emptyTranscript, { ...user("", "Hello"), key: "key" });
    const { entries } = apply(sending, event("message:new", { message: user("u2", "Hello") }));
    expect(entries.map(({ id }) => id)).toEqual(["u2", "key"]);
  });
});
