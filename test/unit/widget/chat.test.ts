import { afterEach, describe, expect, it, vi } from "vitest";
import type { ConversationEvent, Message, ReplyResponse } from "../../../proxy/protocol.ts";
import type { Chat } from "../../../widget/state/chat.ts";
import { agent, at, init } from "./events.ts";
import { fail, startChat } from "./start-chat.ts";

const texts = ({ transcript }: Chat) => transcript.value.entries.map(({ content }) => content);

const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
afterEach(() => void warn.mockClear());

describe("a chat", () => {
  it("asks and stores nothing before the first message", async () => {
    const { chat, store, transport } = startChat();
    await chat.connect();
    chat.markRead();
    expect(transport.follow).not.toHaveBeenCalled();
    expect(store.write).not.toHaveBeenCalled();
    expect(store.waiting.put).not.toHaveBeenCalled();
  });

  it("shows a message at once, then follows the conversation that it opened", async () => {
    const { chat, followed, store } = startChat();
    const sending = chat.send("Hello");
    expect(chat.transcript.value.entries).toMatchObject([
      { content: "Hello", delivery: "sending" },
    ]);
    await sending;
    expect(chat.transcript.value.entries[0]?.delivery).toBeUndefined();
    expect(chat.transcript.value.state).toBe("thinking");
    expect(store.read().conversation).toBe("h1");
    expect(followed.map(({ conversation }) => conversation)).toEqual(["h1"]);
  });

  it("sends the next message into the same conversation, and follows it once", async () => {
    const { chat, followed, sent } = startChat();
    await chat.send("One");
    await chat.send("Two");
    expect(sent.map(({ conversationId }) => conversationId)).toEqual([undefined, "h1"]);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(2);
    expect(followed).toHaveLength(1);
  });

  it.each([
    [
      "as it happens",
      (message: Message, key: string): ConversationEvent[] => [
        { event: "message:new", data: { message, key } },
        { event: "conversation:state", data: { state: "thinking" } },
        { event: "message:complete", data: { message: agent("a1") } },
        { event: "conversation:state", data: { state: "idle" } },
      ],
    ],
    [
      "in a snapshot",
      (message: Message): ConversationEvent[] => [init({ messages: [message, agent("a1")] })],
    ],
  ])("is idle after an answer that the stream tells before the 202, %s", async (_way, events) => {
    const { chat, followed, sent, transport } = startChat({ conversation: "h1", token: "t" });
    void chat.connect();
    transport.send.mockImplementationOnce(async (request) => {
      sent.push(request);
      const message: Message = { id: "m1", role: "user", content: "Hi", created_at: at };
      followed[0]?.emit(...events(message, request.key));
      return { success: true, messageId: "m1", conversationId: "h1" };
    });
    await chat.send("Hi");
    expect(texts(chat)).toEqual(["Hi", "a1"]);
    expect(chat.transcript.value.state).toBe("idle");
  });

  it("sends messages that are typed fast one after the other, into one conversation", async () => {
    const { chat, sent } = startChat();
    await Promise.all([chat.send("One"), chat.send("Two")]);
    expect(sent).toMatchObject([{ content: "One" }, { content: "Two", conversationId: "h1" }]);
    expect(texts(chat)).toEqual(["One", "Two"]);
  });

  it("sends the next message also when the one before it fails", async () => {
    const { chat, sent, transport } = startChat();
    transport.send.mockRejectedValueOnce(fail("platform_unavailable"));
    await Promise.all([chat.send("One"), chat.send("Two")]);
    expect(sent).toMatchObject([{ content: "Two" }]);
    expect(texts(chat)).toEqual(["Two", "One"]);
    expect(chat.transcript.value.entries.map(({ delivery }) => delivery)).toEqual([
      undefined,
      "failed",
    ]);
  });

  it("goes on with the conversation of the last visit", async () => {
    const { chat, followed } = startChat({ token: "t", conversation: "h0" });
    void chat.connect();
    followed[0]?.emit(init({ messages: [agent("a1")] }));
    expect(texts(chat)).toEqual(["a1"]);
  });

  it("keeps a message that was not sent, and tries again with the same key", async () => {
    const { chat, sent, transport } = startChat();
    transport.send.mockRejectedValueOnce(fail("platform_unavailable"));
    await chat.send("Hello");
    const [entry] = chat.transcript.value.entries;
    expect(entry).toMatchObject({ delivery: "failed", failure: { code: "platform_unavailable" } });
    await chat.retry(entry?.uid ?? "");
    expect(sent[0]?.key).toBe(entry?.uid);
    expect(texts(chat)).toEqual(["Hello"]);
    expect(chat.transcript.value.entries[0]?.delivery).toBeUndefined();
  });

  it("does not send again what is on its way", async () => {
    const { chat, transport } = startChat();
    const sending = chat.send("Hello");
    await chat.retry(chat.transcript.value.entries[0]?.uid ?? "");
    await sending;
    expect(transport.send).toHaveBeenCalledOnce();
  });

  it.each([
    "origin_not_allowed",
    "identity_required",
    "token_expired",
    "platform_rejected_request",
    "platform_refused_conversation",
  ] as const)("tells the author of %s, and the visitor only that it is so", async (code) => {
    const { chat, transport } = startChat();
    transport.send.mockRejectedValueOnce(fail(code));
    await chat.send("Hello");
    expect(chat.refusal.value).toBe(code);
    expect(warn.mock.calls[0]?.[0]).toContain(`because ${code}`);
  });

  it("is available again when a message goes through", async () => {
    const { chat, transport } = startChat();
    transport.send.mockRejectedValueOnce(fail("origin_not_allowed"));
    await chat.send("Hello");
    await chat.send("Hello?");
    expect(chat.refusal.value).toBeUndefined();
  });

  it("follows again with the next message after its stream was refused", async () => {
    const { chat, followed } = startChat({ conversation: "h1" });
    void chat.connect();
    followed[0]?.reject(fail("origin_not_allowed"));
    await vi.waitFor(() => expect(chat.refusal.value).toBe("origin_not_allowed"));
    await chat.send("Hello?");
    expect(followed).toHaveLength(2);
    expect(chat.refusal.value).toBeUndefined();
  });

  it("starts anew when its conversation is gone, and keeps what was not sent", async () => {
    const { chat, followed, store, transport } = startChat({ conversation: "h0", lastRead: "a1" });
    void chat.connect();
    followed[0]?.emit(init({ messages: [agent("a1")] }));
    transport.send.mockRejectedValueOnce(fail("platform_unavailable"));
    await chat.send("Hello");
    followed[0]?.reject(fail("conversation_not_found"));
    await vi.waitFor(() => expect(texts(chat)).toEqual(["Hello"]));
    expect(store.read()).toEqual({});
    expect(store.waiting.list()).toMatchObject([{ content: "Hello", isPosted: true }]);
  });

  it("sends a message once more, into a new conversation, when the old one is gone", async () => {
    const { chat, sent, transport } = startChat({ conversation: "h0" });
    transport.send.mockRejectedValueOnce(fail("conversation_not_found"));
    await chat.send("Hello");
    expect(sent).toHaveLength(1);
    expect(sent[0]?.conversationId).toBeUndefined();
    expect(texts(chat)).toEqual(["Hello"]);
    expect(transport.send.mock.calls[0]?.[0].key).toBe(sent[0]?.key);
  });

  it("sends a message into a new conversation also when the stream knows first that the old one is gone", async () => {
    const { chat, followed, sent, transport } = startChat({ conversation: "h0" });
    void chat.connect();
    const first = Promise.withResolvers<ReplyResponse>();
    transport.send.mockReturnValueOnce(first.promise);
    const sending = Promise.all([chat.send("One"), chat.send("Two")]);
    await vi.waitFor(() => expect(transport.send).toHaveBeenCalled());
    followed[0]?.reject(fail("conversation_not_found"));
    await vi.waitFor(() => expect(followed[0]?.signal.aborted).toBe(true));
    first.reject(fail("conversation_not_found"));
    await sending;
    expect(sent.map(({ conversationId }) => conversationId)).toEqual([undefined, "h1"]);
    expect(chat.transcript.value.entries.map(({ delivery }) => delivery)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("leaves the old conversation behind when a new one begins: stream, text, store", async () => {
    const { chat, followed, store } = startChat();
    await chat.send("Hello");
    const [old] = followed;
    chat.switchTo();
    old?.emit(init({ messages: [agent("late")] }));
    old?.listener.onConnection("lost");
    expect(old?.signal.aborted).toBe(true);
    expect(chat.isLost.value).toBe(false);
    expect(chat.transcript.value.entries).toEqual([]);
    expect(store.read().conversation).toBeUndefined();
  });

  it("goes back to an earlier conversation, and to what was read of it", async () => {
    const { chat, followed, store, transport } = startChat();
    await chat.send("Hello");
    followed[0]?.emit(init({ messages: [agent("a1")] }));
    chat.markRead();
    chat.switchTo();
    transport.send.mockResolvedValueOnce({ success: true, messageId: "m9", conversationId: "h2" });
    await chat.send("Something else");
    expect(store.read().conversations).toEqual([
      ["h2", ""],
      ["h1", "a1"],
    ]);

    chat.switchTo("h1");
    expect(chat.handle).toBe("h1");
    expect(followed.map(({ conversation }) => conversation)).toEqual(["h1", "h2", "h1"]);
    expect(store.read()).toMatchObject({ conversation: "h1", lastRead: "a1" });
    followed[2]?.emit(init({ messages: [agent("a1"), agent("a2")] }));
    expect(chat.unread.value).toBe(1);
  });

  it("remembers the last 50 conversations", async () => {
    const conversations = Array.from({ length: 50 }, (_, index) => [`old${index}`, ""] as const);
    const { chat, store } = startChat({ conversations });
    await chat.send("Hello");
    const handles = store.read().conversations?.map(([handle]) => handle);
    expect(handles).toHaveLength(50);
    expect(handles?.slice(0, 2)).toEqual(["h1", "old0"]);
  });

  it.each([
    ["lists", { token: "t" }, [["h1", ""]]],
    ["forgets, with all the browser has stored,", {}, undefined],
  ])("%s a conversation that was left before its first answer came", async (_, saved, list) => {
    const { chat, followed, store, transport } = startChat(saved);
    const reply = Promise.withResolvers<ReplyResponse>();
    transport.send.mockReturnValueOnce(reply.promise);
    const sending = chat.send("Hello");
    await vi.waitFor(() => expect(transport.send).toHaveBeenCalled());
    chat.switchTo();
    reply.resolve({ success: true, messageId: "m1", conversationId: "h1" });
    await sending;
    expect(followed).toEqual([]);
    expect(store.read().conversation).toBeUndefined();
    expect(store.read().conversations).toEqual(list);
    expect(texts(chat)).toEqual([]);
  });

  it("neither sends what waits for its turn when a new conversation begins, nor waits itself for what is under way", async () => {
    const { chat, sent, transport } = startChat();
    transport.send.mockReturnValueOnce(new Promise(() => undefined));
    void chat.send("Old");
    void chat.send("Waiting");
    await vi.waitFor(() => expect(transport.send).toHaveBeenCalled());
    chat.switchTo();
    await chat.send("New");
    expect(sent.map(({ content }) => content)).toEqual(["New"]);
    expect(texts(chat)).toEqual(["New"]);
  });

  it("reports a gap to the stream and draws nothing of it", async () => {
    const { chat, followed } = startChat({ conversation: "h0" });
    void chat.connect();
    const chunk = { messageId: "a1", offset: 5, text: "late" };
    expect(followed[0]?.listener.onEvent({ event: "message:chunk", data: chunk }, "")).toBe("gap");
    expect(texts(chat)).toEqual([]);
  });

  it("is idle at once when there was nothing to stop", async () => {
    const { chat, transport } = startChat();
    await chat.send("Hello");
    await chat.stop();
    expect(chat.transcript.value.state).toBe("thinking");
    transport.stop.mockResolvedValueOnce({ stopped: false });
    await chat.stop();
    expect(chat.transcript.value.state).toBe("idle");
  });

  it("loads older messages once at a time, and no more than there are", async () => {
    const { chat, followed, transport } = startChat({ conversation: "h0" });
    void chat.connect();
    followed[0]?.emit(init({ messages: [agent("a1")], hasMore: true }));
    const loading = chat.loadOlder();
    expect(chat.isLoadingOlder.value).toBe(true);
    await Promise.all([loading, chat.loadOlder()]);
    await chat.loadOlder();
    expect(transport.messages.mock.calls).toEqual([["h0", "a1"]]);
    expect(texts(chat)).toEqual(["a0", "a1"]);
    expect(chat.isLoadingOlder.value).toBe(false);
  });

  it("closes its stream when it is disposed", async () => {
    const { chat, followed } = startChat({ conversation: "h0" });
    void chat.connect();
    chat.dispose();
    expect(followed[0]?.signal.aborted).toBe(true);
  });
});
