import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Chat } from "../../../widget/state/chat.ts";
import type { Saved, Store } from "../../../widget/store.ts";
import type { Waiting } from "../../../widget/waiting.ts";
import { agent, chunk, init, user } from "./events.ts";
import { memoryStore } from "./memory-store.ts";
import { fail, startChat } from "./start-chat.ts";

/** The machine may be slow. */
const until = (check: () => void) => vi.waitFor(check, 10_000);

const HOUR = 3600_000;
const known: Saved = { conversation: "h1", token: "t", lastRead: "a1" };

/** A message that was typed an hour ago. */
const waiting = (content: string, rest: Partial<Waiting> = {}): Waiting => ({
  key: `key of ${content}`,
  content,
  created_at: new Date(Date.now() - HOUR).toISOString(),
  conversation: "h1",
  ...rest,
});

/** A tab: it gives up what it has with the test. The keys of Web Locks are common to all tests. */
function open(saved: Saved, store?: Store) {
  const tab = startChat(saved, store);
  onTestFinished(() => tab.chat.dispose());
  return tab;
}

const shown = ({ transcript }: Chat) =>
  transcript.value.entries.map(({ content, delivery }) => [content, delivery]);

const never = () => new Promise<never>(() => undefined);

describe("a message that is not accepted yet", () => {
  it("is in the browser's storage before it is posted, and no more when it is accepted", async () => {
    const { chat, store, transport } = open({});
    const posted: Waiting[] = [];
    transport.send.mockImplementationOnce(async () => {
      posted.push(...store.waiting.list());
      return { success: true, messageId: "m1", conversationId: "h1" };
    });
    await chat.send("Hello");
    expect(posted).toMatchObject([{ content: "Hello", isPosted: true }]);
    expect(store.waiting.list()).toEqual([]);
  });

  it("goes out after a reload, with its key and in its order", async () => {
    const before = open(known);
    before.transport.send.mockImplementation(never);
    void before.chat.send("One");
    void before.chat.send("Two");
    const keys = before.chat.transcript.value.entries.map(({ uid }) => uid);
    before.chat.dispose();
    const { chat, sent } = open({}, before.store);
    await until(() => expect(sent).toHaveLength(2));
    expect(sent.map(({ key, content }) => [key, content])).toEqual([
      [keys[0], "One"],
      [keys[1], "Two"],
    ]);
    await until(() => expect(before.store.waiting.list()).toEqual([]));
    expect(shown(chat)).toEqual([
      ["One", undefined],
      ["Two", undefined],
    ]);
  });

  it.each([
    ["has no locks", undefined],
    [
      "refuses them, as to a sandboxed page",
      { request: () => Promise.reject(new DOMException("", "SecurityError")) },
    ],
  ])("goes out after a reload where the browser %s", async (_, locks) => {
    vi.stubGlobal("navigator", { locks });
    onTestFinished(() => void vi.unstubAllGlobals());
    const { chat, sent } = open(known, memoryStore(known, [waiting("Hi")]));
    await until(() => expect(sent).toMatchObject([{ content: "Hi" }]));
    await until(() => expect(shown(chat)).toEqual([["Hi", undefined]]));
  });

  it("is not sent again after a reload when it had arrived, and is there once", async () => {
    const { chat, followed, sent, transport } = open(
      known,
      memoryStore(known, [waiting("Hi", { isPosted: true })]),
    );
    const messages = [agent("a1"), user("u2", "Hi"), agent("a2")];
    transport.messages.mockResolvedValue({ messages, hasMore: false });
    await until(() => expect(chat.transcript.value.entries[0]?.id).toBe("u2"));
    followed[0]?.emit(init({ messages }));
    expect(shown(chat).map(([content]) => content)).toEqual(["a1", "Hi", "a2"]);
    expect(sent).toEqual([]);
  });

  it("is not taken for the same words that were there before it was typed", async () => {
    const { sent, transport } = open(
      known,
      memoryStore(known, [waiting("Hi", { isPosted: true })]),
    );
    const messages = [user("u1", "Hi"), agent("a1")];
    transport.messages.mockResolvedValue({ messages, hasMore: false });
    await until(() => expect(sent).toMatchObject([{ content: "Hi" }]));
  });

  it("opens its conversation after a reload when it is the first one", async () => {
    const { sent, store } = open({}, memoryStore({}, [waiting("Hi", { conversation: undefined })]));
    await until(() => expect(sent).toMatchObject([{ content: "Hi" }]));
    expect(sent[0]?.conversationId).toBeUndefined();
    await until(() => expect(store.read().conversation).toBe("h1"));
  });

  it("comes back with its problem when it has failed, and waits for the visitor", async () => {
    const before = open(known);
    before.transport.send.mockRejectedValueOnce(fail("message_too_long"));
    await before.chat.send("Too long");
    before.chat.dispose();
    const { chat, sent, store } = open({}, before.store);
    await until(() => expect(shown(chat)).toEqual([["Too long", "failed"]]));
    expect(chat.transcript.value.entries[0]?.failure?.code).toBe("message_too_long");
    chat.discard(chat.transcript.value.entries[0]?.uid ?? "");
    expect(shown(chat)).toEqual([]);
    expect(store.waiting.list()).toEqual([]);
    expect(sent).toEqual([]);
  });

  it.each([
    ["that was never posted", false, "expired"],
    ["that may have arrived", true, "send_outcome_unknown"],
  ])("is not sent by itself after a day, %s, but by the visitor", async (_, isPosted, code) => {
    const created_at = new Date(Date.now() - 25 * HOUR).toISOString();
    const { chat, sent } = open(
      known,
      memoryStore(known, [waiting("Hi", { created_at, isPosted })]),
    );
    await until(() => expect(shown(chat)).toEqual([["Hi", "failed"]]));
    expect(chat.transcript.value.entries[0]?.failure?.code).toBe(code);
    expect(sent).toEqual([]);
    await chat.retry(chat.transcript.value.entries[0]?.uid ?? "");
    expect(sent).toMatchObject([{ key: "key of Hi", content: "Hi" }]);
  });

  it("is left in its conversation, and goes out when the visitor comes back to it", async () => {
    const { chat, sent, store, transport } = open(known);
    transport.send.mockImplementationOnce(never);
    void chat.send("Hello");
    await until(() => expect(transport.send).toHaveBeenCalled());
    chat.switchTo("h2");
    expect(shown(chat)).toEqual([]);
    expect(store.waiting.list()).toMatchObject([{ content: "Hello", conversation: "h1" }]);
    chat.switchTo("h1");
    await until(() => expect(sent).toMatchObject([{ content: "Hello" }]));
    expect(sent[0]?.conversationId).toBe("h1");
  });

  it("is given up with a conversation that it would have opened", async () => {
    const { chat, store, transport } = open({});
    transport.send.mockImplementationOnce(never);
    void chat.send("Hello");
    chat.switchTo();
    expect(store.waiting.list()).toEqual([]);
  });

  it("moves to the new conversation when its own is gone", async () => {
    const { chat, followed, store, transport } = open(known);
    void chat.connect();
    transport.send.mockImplementationOnce(never);
    void chat.send("Hello");
    followed[0]?.reject(fail("conversation_not_found"));
    await until(() => expect(followed[0]?.signal.aborted).toBe(true));
    expect(store.waiting.list()).toMatchObject([{ content: "Hello" }]);
    expect(store.waiting.list()[0]?.conversation).toBeUndefined();
  });
});

describe("two tabs", () => {
  it("send a message once: the one that has it, or the other when that is closed", async () => {
    const one = open(known);
    one.transport.send.mockImplementation(never);
    void one.chat.send("Hello");
    const other = open({}, one.store);
    await until(() => expect(one.transport.send).toHaveBeenCalled());
    expect(shown(other.chat)).toEqual([]);
    one.chat.dispose();
    await until(() => expect(other.sent).toMatchObject([{ content: "Hello" }]));
  });

  it("do not take up what the other has sent", async () => {
    const one = open(known);
    const reply = Promise.withResolvers<Awaited<ReturnType<typeof one.transport.send>>>();
    one.transport.send.mockReturnValueOnce(reply.promise);
    const sending = one.chat.send("Hello");
    const other = open({}, one.store);
    reply.resolve({ success: true, messageId: "m1", conversationId: "h1" });
    await sending;
    one.chat.dispose();
    await other.chat.send("Another");
    expect(other.sent.map(({ content }) => content)).toEqual(["Another"]);
  });

  it("keep each other's messages", async () => {
    const one = open(known);
    const other = open({}, one.store);
    for (const { chat, transport } of [one, other]) {
      transport.send.mockImplementation(never);
      void chat.send("Hello");
    }
    expect(one.store.waiting.list()).toHaveLength(2);
  });
});

describe("the storage", () => {
  it("is not written while an answer grows", async () => {
    const { chat, followed, store } = open(known);
    void chat.connect();
    followed[0]?.emit(init({ messages: [user("u1")], state: "responding" }));
    const chunks = Array.from({ length: 50 }, (_, index) => chunk("a9", index, "x"));
    followed[0]?.emit(...chunks);
    expect(chat.transcript.value.entries.at(-1)?.content).toHaveLength(50);
    expect(store.write).not.toHaveBeenCalled();
    expect(store.waiting.put).not.toHaveBeenCalled();
  });
});
