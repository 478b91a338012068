import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addOlder,
  addUnsent,
  emptyTranscript,
  toEntries,
} from "../../../widget/state/transcript.ts";
import {
  accept,
  agent,
  apply,
  at,
  chunk,
  complete,
  event,
  init,
  noCuts,
  texts,
  user,
} from "./events.ts";

const withUnsent = addUnsent(emptyTranscript, { ...user("", "Hello"), key: "key" });

describe("a snapshot", () => {
  it("replaces everything but what was not sent", () => {
    const before = apply(
      withUnsent,
      event("message:new", { message: agent("old") }),
      event("message:tool_use", { messageId: "a1", toolUseId: "t1", name: "search" }),
      event("error", { code: "platform_timeout", message: "", retryable: true }),
    );
    const after = apply(before, init({ messages: [user("u1"), agent("a1")], hasMore: true }));
    expect(texts(after)).toEqual(["u1", "a1", "Hello"]);
    expect(after).toMatchObject({ hasMore: true, state: "idle" });
    expect([after.tool, after.failure]).toEqual([undefined, undefined]);
  });

  it("shows the newest 20 messages of a long one, and says that there are more", () => {
    const ids = Array.from({ length: 30 }, (_, index) => `m${index}`);
    const after = apply(emptyTranscript, init({ messages: ids.map((id) => agent(id)) }));
    expect(texts(after)).toEqual(ids.slice(10));
    expect(after.hasMore).toBe(true);
    const older = addOlder(after, toEntries([agent("m9")], noCuts), false);
    expect(texts(apply(older, init({ messages: ids.map((id) => agent(id)) })))).toEqual(
      ids.slice(9),
    );
  });

  it("shows the tool that was begun last, as after a reload in the middle of its work", () => {
    const tools = ["browse", "search"].map((name) => ({ messageId: "a1", toolUseId: name, name }));
    const after = apply(emptyTranscript, init({ state: "thinking", tools }));
    expect(after.tool).toBe("search");
    expect(apply(after, chunk("a1", 0, "He")).tool).toBeUndefined();
  });

  it("goes on with a partial answer where it was, under the same uid", () => {
    const before = apply(emptyTranscript, chunk("a1", 0, "He"));
    const after = apply(
      before,
      init({ state: "responding", partial: { messageId: "a1", text: "Hello" } }),
      chunk("a1", 5, "!"),
    );
    expect(after.entries).toMatchObject([{ uid: "a1", content: "Hello!", isStreaming: true }]);
  });

  it("keeps the uid of a message that was typed here", () => {
    const sent = accept(withUnsent, "key", "u1");
    const after = apply(sent, init({ messages: [user("u1", "Hello")] }));
    expect(after.entries).toMatchObject([{ uid: "key", id: "u1" }]);
  });

  it("leaves a message that is being sent where it is, at the end", () => {
    const before = addUnsent(
      apply(emptyTranscript, init({ messages: [user("u1"), agent("a1")] })),
      { ...user("", "Next"), key: "key" },
    );
    const after = apply(before, init({ messages: [user("u1"), agent("a1"), agent("a2")] }));
    expect(texts(after)).toEqual(["u1", "a1", "a2", "Next"]);
    expect(after.entries.at(-1)).toEqual(before.entries.at(-1));
  });

  it("keeps the older pages that it goes on from, and drops them where something is missing", () => {
    const paged = addOlder(
      apply(emptyTranscript, init({ messages: [user("u2"), agent("a2")], hasMore: true })),
      toEntries([user("u1"), agent("a1")], noCuts),
      false,
    );
    const joined = apply(paged, init({ messages: [agent("a2"), user("u3")], hasMore: true }));
    expect(texts(joined)).toEqual(["u1", "a1", "u2", "a2", "u3"]);
    expect(joined.hasMore).toBe(false);
    const apart = apply(paged, init({ messages: [user("u9")], hasMore: true }));
    expect(texts(apart)).toEqual(["u9"]);
    expect(apart.hasMore).toBe(true);
  });
});

describe("a snapshot in the middle of an answer", () => {
  const writing = apply(
    emptyTranscript,
    init({ messages: [user("u1")] }),
    chunk("p1", 0, "Hello wor"),
  );

  it("that is behind takes nothing off the screen, and chunks go on where they say", () => {
    const partial = { messageId: "p1", text: "Hello" };
    const after = apply(
      writing,
      init({ state: "responding", messages: [user("u1")], partial }),
      chunk("p1", 5, " world"),
      chunk("p1", 11, "!"),
    );
    expect(after.entries.at(-1)).toMatchObject({ uid: "p1", content: "Hello world!" });
  });

  it("that has another text is right", () => {
    const partial = { messageId: "p1", text: "Hallo" };
    const after = apply(writing, init({ state: "responding", messages: [user("u1")], partial }));
    expect(texts(after)).toEqual(["u1", "Hallo"]);
  });

  it("goes on under the id that another proxy has given it", () => {
    const partial = { messageId: "p2", text: "Hello world" };
    const after = apply(
      writing,
      init({ state: "responding", messages: [user("u1")], partial }),
      chunk("p2", 11, "!"),
      complete(agent("a1", "Hello world!"), { provisionalId: "p2" }),
    );
    expect(after.entries).toMatchObject([
      { id: "u1" },
      { uid: "p1", id: "a1", content: "Hello world!" },
    ]);
  });

  it.each(
    ["a1", "p1"].flatMap((id) => [
      ["its end", id, complete(agent(id, "Hello world!"))] as const,
      ["a new message", id, event("message:new", { message: agent(id, "Hello world!") })] as const,
      ["a snapshot", id, init({ messages: [user("u1"), agent(id, "Hello world!")] })] as const,
    ]),
  )("whose beginning the proxy has missed keeps it until %s, of %s", (_, id, end) => {
    const kept = apply(writing, init({ state: "responding", messages: [user("u1")] }));
    expect(texts(kept)).toEqual(["u1", "Hello wor"]);
    const idle = apply(kept, event("conversation:state", { state: "idle" }));
    for (const before of [kept, idle]) {
      expect(apply(before, end).entries).toMatchObject([
        { id: "u1" },
        { uid: "p1", id, content: "Hello world!", created_at: at },
      ]);
    }
  });

  it("whose beginning the proxy has missed keeps it before the platform's state is known", () => {
    const kept = apply(writing, init({ messages: [user("u1")] }));
    expect(texts(kept)).toEqual(["u1", "Hello wor"]);
  });

  it("drops what nobody knows of when more was said", () => {
    const after = apply(writing, init({ state: "thinking", messages: [user("u1"), user("u2")] }));
    expect(texts(after)).toEqual(["u1", "u2"]);
  });

  it("never changes the text that an answer ends with, wherever snapshots and repeats come", () => {
    const step = fc.record({
      length: fc.integer({ min: 1, max: 6 }),
      back: fc.nat(8),
      snapshot: fc.constantFrom("none", "whole", "behind", "missing"),
    });
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), fc.array(step), (text, steps) => {
        let transcript = apply(
          emptyTranscript,
          init({ state: "thinking", messages: [user("u1")] }),
        );
        let told = 0;
        const shown = () => transcript.entries[1]?.content ?? "";
        for (const { length, back, snapshot } of steps) {
          const from = Math.max(0, told - back);
          told = Math.max(told, Math.min(text.length, from + length));
          if (from < told)
            transcript = apply(transcript, chunk("p1", from, text.slice(from, told)));
          const before = shown();
          const end = snapshot === "behind" ? from : told;
          const partial = { messageId: "p1", text: text.slice(0, end) };
          const data = { state: "responding" as const, messages: [user("u1")] };
          if (snapshot === "missing") transcript = apply(transcript, init(data));
          else if (snapshot !== "none") transcript = apply(transcript, init({ ...data, partial }));
          expect(shown()).toBe(before);
        }
        const ended = apply(transcript, complete(agent("a1", text), { provisionalId: "p1" }));
        expect(texts(ended)).toEqual(["u1", text]);
      }),
    );
  });
});
