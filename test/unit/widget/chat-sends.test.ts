import { describe, expect, it } from "vitest";
import type { Chat } from "../../../widget/state/chat.ts";
import { agent, event, init, texts, user } from "./events.ts";
import { fail, startChat } from "./start-chat.ts";

const own = ({ transcript }: Chat) =>
  transcript.value.entries.findLast(({ role }) => role === "user");
const keys = ({ transport }: ReturnType<typeof startChat>) =>
  transport.send.mock.calls.map(([{ key }]) => key);

/** A conversation of which one question and its answer are on the screen. */
function startKnown() {
  const started = startChat({ conversation: "h1", token: "t" });
  void started.chat.connect();
  const messages = [user("u1"), agent("a1")];
  started.followed[0]?.emit(init({ messages }));
  return { ...started, messages };
}

describe("a send that the proxy has refused for the moment", () => {
  it.each(["shutting_down", "conversation_busy", "too_many_requests"] as const)(
    "goes out again by itself after %s, with the same key",
    async (code) => {
      const started = startChat();
      const { chat, transport, waits } = started;
      transport.send.mockRejectedValueOnce(fail(code, 2000));
      await chat.send("Hello");
      expect(own(chat)?.delivery).toBeUndefined();
      expect(new Set(keys(started)).size).toBe(1);
      expect(transport.send).toHaveBeenCalledTimes(2);
      expect(waits).toHaveLength(1);
      expect(waits[0]).toBeGreaterThanOrEqual(2000);
    },
  );

  it("is posted again only when the proxy answers", async () => {
    const { chat, transport } = startChat();
    transport.send.mockRejectedValueOnce(fail("shutting_down", 2000));
    transport.ask.mockRejectedValueOnce(fail("network"));
    await chat.send("Hello");
    expect(transport.ask).toHaveBeenCalledTimes(2);
    expect(transport.send).toHaveBeenCalledTimes(2);
    expect(own(chat)?.delivery).toBeUndefined();
  });

  it("is the visitor's after four more attempts", async () => {
    const { chat, transport, waits } = startChat();
    transport.send.mockRejectedValue(fail("shutting_down", 2000));
    await chat.send("Hello");
    expect(transport.send).toHaveBeenCalledTimes(5);
    expect(waits).toHaveLength(4);
    expect(own(chat)).toMatchObject({ delivery: "failed", failure: { code: "shutting_down" } });
  });

  it("is the visitor's at once when the wait is long", async () => {
    const { chat, transport } = startChat();
    transport.send.mockRejectedValue(fail("too_many_requests", 45_000));
    await chat.send("Hello");
    expect(transport.send).toHaveBeenCalledOnce();
    expect(own(chat)?.failure).toEqual({ code: "too_many_requests", retryable: true });
  });

  it("stays behind when the visitor starts a new conversation", async () => {
    const { chat, transport } = startChat();
    transport.send.mockRejectedValueOnce(fail("shutting_down", 2000));
    transport.ask.mockImplementationOnce(async () => {
      chat.switchTo();
      return new Response();
    });
    await chat.send("Hello");
    expect(transport.send).toHaveBeenCalledOnce();
  });
});

describe("a send while the connection is lost", () => {
  it("waits until the proxy answers, and is posted once", async () => {
    const { chat, followed, messages, transport } = startKnown();
    followed[0]?.listener.onConnection("lost");
    transport.messages.mockRejectedValueOnce(fail("network"));
    transport.messages.mockResolvedValueOnce({ messages, hasMore: false });
    await chat.send("Hello");
    expect(transport.send).toHaveBeenCalledOnce();
    expect(texts(chat.transcript.value)).toEqual(["u1", "a1", "Hello"]);
  });

  it("waits for as long as nobody answers, and asks every few seconds", async () => {
    const { chat, followed, transport, waits } = startKnown();
    followed[0]?.listener.onConnection("lost");
    for (let failures = 0; failures < 30; failures += 1)
      transport.messages.mockRejectedValueOnce(fail("network"));
    await chat.send("Hello");
    expect(transport.send).toHaveBeenCalledOnce();
    expect(waits).toHaveLength(30);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5000);
    expect(own(chat)?.delivery).toBeUndefined();
  });

  it("keeps the messages in order", async () => {
    const { chat, followed, messages, sent, transport } = startKnown();
    followed[0]?.listener.onConnection("lost");
    transport.messages.mockRejectedValueOnce(fail("network"));
    transport.messages.mockResolvedValue({ messages, hasMore: false });
    await Promise.all(["One", "Two", "Three"].map((text) => chat.send(text)));
    expect(sent.map(({ content }) => content)).toEqual(["One", "Two", "Three"]);
  });

  it("is not taken for the same text of another tab", async () => {
    const { chat, followed, messages, transport } = startKnown();
    followed[0]?.listener.onConnection("lost");
    const told = [...messages, user("u2", "Hello")];
    transport.messages.mockResolvedValueOnce({ messages: told, hasMore: false });
    await chat.send("Hello");
    expect(transport.send).toHaveBeenCalledOnce();
  });
});

describe("a send of which it is not known whether it arrived", () => {
  it.each([
    ["nobody answered", fail("send_outcome_unknown")],
    ["the proxy broke", fail("internal_error")],
    ["the answer was no JSON", new SyntaxError("Unexpected end of JSON input")],
  ])(
    "is not sent again by itself when %s, but by the visitor, with the same key",
    async (_, error) => {
      const started = startChat();
      const { chat, transport } = started;
      transport.send.mockRejectedValueOnce(error);
      await chat.send("Hello");
      expect(transport.send).toHaveBeenCalledOnce();
      expect(own(chat)?.failure).toEqual({ code: "send_outcome_unknown", retryable: true });
      await chat.retry(own(chat)?.uid ?? "");
      expect(new Set(keys(started)).size).toBe(1);
      expect(own(chat)?.delivery).toBeUndefined();
    },
  );

  it("is not sent again when the conversation has it", async () => {
    const { chat, messages, transport } = startKnown();
    transport.send.mockRejectedValueOnce(fail("send_outcome_unknown"));
    await chat.send("Hello");
    const told = [...messages, user("u2", "Hello"), agent("a2")];
    transport.messages.mockResolvedValueOnce({ messages: told, hasMore: false });
    await chat.retry(own(chat)?.uid ?? "");
    expect(transport.send).toHaveBeenCalledOnce();
    expect(own(chat)).toMatchObject({ id: "u2", content: "Hello" });
    expect(own(chat)?.delivery).toBeUndefined();
  });

  it("is sent again when the conversation does not have it", async () => {
    const { chat, messages, transport } = startKnown();
    transport.send.mockRejectedValueOnce(fail("send_outcome_unknown"));
    await chat.send("u1");
    transport.messages.mockResolvedValueOnce({ messages, hasMore: false });
    await chat.retry(own(chat)?.uid ?? "");
    expect(transport.send).toHaveBeenCalledTimes(2);
  });

  it("has arrived when the stream says so, while the visitor sends it again too", async () => {
    const { chat, followed, messages, transport } = startKnown();
    transport.send.mockRejectedValueOnce(fail("send_outcome_unknown"));
    await chat.send("Hello");
    transport.messages.mockImplementationOnce(async () => {
      followed[0]?.emit(init({ messages: [...messages, user("u2", "Hello")] }));
      return { messages: [], hasMore: false };
    });
    await chat.retry(own(chat)?.uid ?? "");
    expect(transport.send).toHaveBeenCalledOnce();
    expect(texts(chat.transcript.value)).toEqual(["u1", "a1", "Hello"]);
  });
});

describe("the cut of a stopped answer", () => {
  const stopped = event("message:complete", { message: agent("a2", "He"), stopped: true });
  const whole = init({ messages: [user("u2"), agent("a2", "Hello")] });

  it("outlives the page and the proxy's memory", () => {
    const { chat, followed, store } = startKnown();
    followed[0]?.emit(event("message:chunk", { messageId: "a2", offset: 0, text: "He" }), stopped);
    expect(chat.transcript.value.entries.at(-1)).toMatchObject({ content: "He", wasStopped: true });
    const later = startChat(store.read());
    void later.chat.connect();
    later.followed[0]?.emit(whole);
    expect(texts(later.chat.transcript.value)).toEqual(["u2", "He"]);
    expect(later.chat.transcript.value.entries.at(-1)?.wasStopped).toBe(true);
  });

  it("is there when the visitor comes back from another conversation", () => {
    const { chat, followed } = startKnown();
    followed[0]?.emit(event("message:chunk", { messageId: "a2", offset: 0, text: "He" }), stopped);
    chat.switchTo("h2");
    followed[1]?.emit(whole);
    expect(texts(chat.transcript.value)).toEqual(["u2", "Hello"]);
    chat.switchTo("h1");
    followed[2]?.emit(whole);
    expect(texts(chat.transcript.value)).toEqual(["u2", "He"]);
  });

  it("is known to a tab that has missed the stop", () => {
    const { chat, followed, store } = startKnown();
    store.write({ cuts: [["h1 a2", 2]] });
    followed[0]?.emit(whole);
    expect(texts(chat.transcript.value)).toEqual(["u2", "He"]);
  });

  it("is made in older pages", async () => {
    const { chat, followed, transport } = startChat({
      conversation: "h1",
      cuts: [["h1 a0", 1]],
    });
    void chat.connect();
    followed[0]?.emit(init({ messages: [agent("a1")], hasMore: true }));
    transport.messages.mockResolvedValueOnce({ messages: [agent("a0", "Hi")], hasMore: false });
    await chat.loadOlder();
    expect(texts(chat.transcript.value)).toEqual(["H", "a1"]);
  });

  it("is kept of no answer that came to its end", () => {
    const { followed, store } = startKnown();
    followed[0]?.emit(event("message:complete", { message: agent("a2") }));
    expect(store.write).not.toHaveBeenCalled();
  });
});

describe("a send for which the conversation has no room left", () => {
  it("stays where it is until the visitor begins a new one with it", async () => {
    const { chat, transport, sent } = startKnown();
    transport.send.mockRejectedValueOnce(fail("conversation_full"));
    await chat.send("And returns?");
    expect(texts(chat.transcript.value)).toEqual(["u1", "a1", "And returns?"]);

    await chat.retry(own(chat)?.uid ?? "");
    expect(texts(chat.transcript.value)).toEqual(["And returns?"]);
    expect(sent).toEqual([{ key: expect.any(String), content: "And returns?" }]);
    expect(own(chat)?.delivery).toBeUndefined();
  });
});
