import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConversationEvent } from "../../../proxy/protocol.ts";
import { reduce } from "../../../widget/state/reduce.ts";
import {
  addOlder,
  addUnsent,
  emptyTranscript,
  markFailed,
  toEntries,
  type Transcript,
} from "../../../widget/state/transcript.ts";
import {
  accept,
  sendAgain,
  agent,
  apply,
  chunk,
  complete,
  event,
  init,
  noCuts,
  texts,
  user,
} from "./events.ts";

const withUnsent = addUnsent(emptyTranscript, { ...user("", "Hello"), key: "key" });

/** Each event with a transcript in which it means something. */
const cases: [string, Transcript, ConversationEvent][] = [
  ["a snapshot", withUnsent, init({ messages: [user("u1"), agent("a1")] })],
  [
    "a snapshot with a partial answer",
    emptyTranscript,
    init({ partial: { messageId: "a1", text: "He" } }),
  ],
  ["a new message", emptyTranscript, event("message:new", { message: agent("a1") })],
  [
    "the sender's own message",
    withUnsent,
    event("message:new", { message: user("u1"), key: "key" }),
  ],
  ["a first chunk", emptyTranscript, chunk("a1", 0, "He")],
  ["a further chunk", apply(emptyTranscript, chunk("a1", 0, "He")), chunk("a1", 2, "llo")],
  ["an end", apply(emptyTranscript, chunk("a1", 0, "He")), complete(agent("a1", "Hello"))],
  [
    "an end under another id",
    apply(emptyTranscript, chunk("p1", 0, "He")),
    complete(agent("a1"), { provisionalId: "p1" }),
  ],
  [
    "a stop",
    apply(emptyTranscript, chunk("a1", 0, "He")),
    complete(agent("a1", "He"), { stopped: true }),
  ],
  [
    "a tool at work",
    emptyTranscript,
    event("message:tool_use", { messageId: "a1", toolUseId: "t1", name: "search" }),
  ],
  ["a state", emptyTranscript, event("conversation:state", { state: "thinking" })],
  [
    "the end of a state",
    apply(emptyTranscript, chunk("a1", 0, "He")),
    event("conversation:state", { state: "idle" }),
  ],
  ["a hand-over", emptyTranscript, event("conversation:status", { status: "escalated" })],
  [
    "an error",
    apply(emptyTranscript, chunk("a1", 0, "He")),
    event("error", { code: "platform_timeout", message: "", retryable: true }),
  ],
];

describe("an event", () => {
  it.each(cases)("changes something, and nothing the second time: %s", (_, before, event) => {
    const once = apply(before, event);
    expect(once).not.toEqual(before);
    expect(apply(once, event)).toEqual(once);
  });

  it("of a tool is seen until text follows, also when the tool has ended", () => {
    const used = apply(
      emptyTranscript,
      event("message:tool_use", { messageId: "a1", toolUseId: "t1", name: "search" }),
      event("message:tool_result", { toolUseId: "t1", ok: true }),
    );
    expect(used.tool).toBe("search");
    expect(apply(used, chunk("a1", 0, "He")).tool).toBeUndefined();
  });

  it("that is not known changes nothing", () => {
    const unknown = { event: "message:reaction", data: {} } as unknown as ConversationEvent;
    expect(apply(withUnsent, unknown)).toBe(withUnsent);
    expect(apply(withUnsent, event("connected", { conversationId: "h1" }))).toBe(withUnsent);
  });
});

describe("chunks", () => {
  it("give the same text however they are cut, repeated or overlap", () => {
    const cuts = fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 12 })), { maxLength: 40 });
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
        cuts,
        (text, cuts) => {
          let transcript = emptyTranscript;
          for (const [back, length] of cuts) {
            const known = transcript.entries[0]?.content.length ?? 0;
            const offset = Math.max(0, known - back);
            const piece = text.slice(offset, offset + length);
            if (piece) transcript = apply(transcript, chunk("a1", offset, piece));
          }
          const known = transcript.entries[0]?.content ?? "";
          expect(text.startsWith(known)).toBe(true);
          if (known !== text)
            transcript = apply(transcript, chunk("a1", known.length, text.slice(known.length)));
          expect(texts(transcript)).toEqual([text]);
        },
      ),
    );
  });

  it.each([
    ["of a message that is not there", emptyTranscript, 1],
    ["of one that is", apply(emptyTranscript, chunk("a1", 0, "He")), 3],
  ])("with something missing before are a gap: %s", (_, before, offset) => {
    expect(reduce(before, chunk("a1", offset, "x"), noCuts)).toBe("gap");
  });

  it("that come late do not touch a complete message", () => {
    const ended = apply(emptyTranscript, complete(agent("a1", "Hi")));
    expect(apply(ended, chunk("a1", 0, "Hello"), chunk("a1", 99, "x"))).toBe(ended);
  });

  it("of a message that has got another id do not make a second one", () => {
    const ended = apply(
      emptyTranscript,
      chunk("p1", 0, "Hi"),
      complete(agent("a1", "Hi"), { provisionalId: "p1" }),
    );
    expect(apply(ended, chunk("p1", 0, "Hi"))).toBe(ended);
  });
});

describe("the end of a message", () => {
  it("replaces the text that was streamed", () => {
    const ended = apply(emptyTranscript, chunk("a1", 0, "Helo"), complete(agent("a1", "Hello")));
    expect(texts(ended)).toEqual(["Hello"]);
    expect(ended.entries[0]?.isStreaming).toBeUndefined();
    expect(ended.state).toBe("idle");
  });

  it("is taken also after the state has become idle", () => {
    const ended = apply(
      emptyTranscript,
      chunk("a1", 0, "He"),
      event("conversation:state", { state: "idle" }),
      complete(agent("a1", "Hello")),
    );
    expect(texts(ended)).toEqual(["Hello"]);
  });

  it("keeps the uid, so that the message is not drawn anew", () => {
    const ended = apply(
      emptyTranscript,
      chunk("p1", 0, "He"),
      complete(agent("a1", "Hello"), { provisionalId: "p1" }),
    );
    expect(ended.entries).toMatchObject([{ uid: "p1", id: "a1" }]);
  });

  it("shows a message of which nothing was streamed", () => {
    expect(texts(apply(emptyTranscript, complete(agent("a1", "Hello"))))).toEqual(["Hello"]);
  });

  it("by an error keeps what was streamed and says why", () => {
    const ended = apply(
      emptyTranscript,
      chunk("a1", 0, "He"),
      event("error", { code: "platform_timeout", message: "", retryable: true }),
    );
    expect(texts(ended)).toEqual(["He"]);
    expect(ended.failure).toEqual({ code: "platform_timeout", retryable: true });
    expect(addUnsent(ended, { ...user(""), key: "key" }).failure).toBeUndefined();
  });
});

describe("a message typed here", () => {
  const mine = event("message:new", { message: user("u1", "Hello"), key: "key" });

  it.each([
    ["the proxy's answer first", () => apply(accept(withUnsent, "key", "u1"), mine)],
    ["the stream first", () => accept(apply(withUnsent, mine), "key", "u1")],
    [
      "a snapshot first",
      () => accept(apply(withUnsent, init({ messages: [user("u1", "Hello")] })), "key", "u1"),
    ],
  ])("is there once: %s", (_, run) => {
    const { entries } = run();
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ id: "u1", content: "Hello" });
    expect(entries[0]?.delivery).toBeUndefined();
  });

  it("is not confused with the same message of another tab", () => {
    const after = apply(
      withUnsent,
      event("message:new", { message: user("u2", "Hello"), key: "other" }),
    );
    expect(after.entries).toHaveLength(2);
  });

  it("stays behind what the platform has, and takes its place when it is sent", () => {
    const before = apply(emptyTranscript, init({ messages: [user("u1")] }));
    const waiting = addUnsent(before, { ...user("", "Hello"), key: "key" });
    const failed = markFailed(addUnsent(waiting, { ...user("", "Lost"), key: "lost" }), "lost", {
      code: "message_too_long",
      retryable: false,
    });
    const answered = apply(failed, chunk("a1", 0, "He"), complete(agent("a1", "Here")));
    expect(texts(answered)).toEqual(["u1", "Here", "Hello", "Lost"]);
    const sent = apply(accept(answered, "key", "u2"), chunk("a2", 0, "You"));
    expect(texts(sent)).toEqual(["u1", "Here", "Hello", "You", "Lost"]);
  });

  it("fails and is tried again", () => {
    const failed = markFailed(withUnsent, "key", { code: "network", retryable: true });
    expect(failed.entries[0]).toMatchObject({ delivery: "failed", failure: { code: "network" } });
    expect(sendAgain(failed, "key").entries[0]).toMatchObject({ delivery: "sending" });
  });
});

describe("older messages", () => {
  it("that are told again after a snapshot without them are left to their page", () => {
    const messages = Array.from({ length: 60 }, (_, index) => {
      const created_at = new Date(Date.UTC(2026, 2, 1, 12, index)).toISOString();
      return { ...(index % 2 ? agent : user)(`m${index}`), created_at };
    });
    const again = messages.map((message) => event("message:new", { message }));
    const shown = apply(
      emptyTranscript,
      init({ messages: messages.slice(10), hasMore: true }),
      ...again,
    );
    expect(texts(shown)).toEqual(messages.slice(40).map(({ content }) => content));
    const oneMore = { ...user("m60"), created_at: "2026-03-01T13:00:00.000Z" };
    expect(texts(apply(shown, event("message:new", { message: oneMore }))).at(-1)).toBe("m60");
  });

  it("come before the others, each once", () => {
    const before = apply(
      emptyTranscript,
      init({ messages: [user("u2"), agent("a2")], hasMore: true }),
    );
    const after = addOlder(before, toEntries([user("u1"), agent("a1"), user("u2")], noCuts), false);
    expect(texts(after)).toEqual(["u1", "a1", "u2", "a2"]);
    expect(after.hasMore).toBe(false);
  });
});
