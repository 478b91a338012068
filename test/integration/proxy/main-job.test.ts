import { beforeAll, describe, expect, it } from "vitest";
import type { PlatformOptions } from "../../../demo/platform/index.ts";
import type { Feedback } from "../../../proxy/index.ts";
import type { ConversationsResponse, StatusResponse } from "../../../proxy/protocol.ts";
import {
  call,
  createVisitor,
  isIdle,
  startChat,
  startLexeyChat,
  tile,
  type TestProxy,
  type Visitor,
} from "../../support/proxy.ts";
import { show } from "../../support/shown.ts";

const QUESTION = "What does shipping cost?";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Slow enough to look at an answer while it is written. */
const SLOW: PlatformOptions = { thinkingMs: 200, tokensPerSecond: 150 };

const ALL: PlatformOptions = {
  framing: "envelope",
  streamBeforeFirstMessage: "404",
  messageId: "absent",
};
const worlds: Array<[name: string, start: typeof startChat, options: PlatformOptions]> = [
  ["names its events in the SSE field", startChat, {}],
  ["names its events in the JSON", startChat, { framing: "typed" }],
  ["wraps its events in envelopes", startChat, { framing: "envelope" }],
  ["has no stream before the first message", startChat, { streamBeforeFirstMessage: "404" }],
  ["does not name the message it took", startChat, { messageId: "absent" }],
  ["does all of it", startChat, ALL],
  ["is Lexey", startLexeyChat, {}],
  ["is Lexey without ids", startLexeyChat, { ids: "missing" }],
  ["is Lexey with ids out of order", startLexeyChat, { ids: "unordered" }],
  ["is Lexey and tells everything twice", startLexeyChat, { copies: 2 }],
  ["is Lexey in pieces of seven bytes", startLexeyChat, { pieceBytes: 7 }],
  ["is Lexey and ends without [DONE]", startLexeyChat, { end: "untold" }],
];

describe.each(worlds)("with a platform that %s", (_name, start, options) => {
  let proxy: TestProxy;
  let visitor: Visitor;
  beforeAll(async () => {
    proxy = await start(options);
    visitor = await createVisitor(proxy.url);
  });

  it("takes a message, streams its answer and keeps both in the history", async () => {
    const { status, body } = await visitor.reply(QUESTION);
    expect(status).toBe(202);
    const stream = await visitor.stream(body.conversationId);
    const answer = await stream.answer(body.messageId);
    expect(await visitor.messages(body.conversationId)).toMatchObject([
      { role: "user", content: QUESTION },
      { role: "assistant", content: answer.content, id: answer.id },
    ]);
    expect(answer.content).toContain("free from €49");
    // The stream may have begun before the answer, in its middle or at its end.
    await expect
      .poll(() => show(stream.events).messages.map(({ content }) => content))
      .toEqual([QUESTION, answer.content]);
  });

  it("goes on in the same conversation and answers from what was said before", async () => {
    const { conversationId } = await visitor.ask("What does the Marlow One cost?");
    const stream = await visitor.stream(conversationId);
    await stream.snapshot();
    const { body } = await visitor.reply("And how long is its warranty?", conversationId);
    expect(body.conversationId).toBe(conversationId);
    const { message } = (await stream.until("the end", ({ event }) => event === "message:complete"))
      .data as { message: { content: string } };
    expect(message.content).toMatch(/year/);
    expect(tile(stream)).toEqual({ text: message.content, isGapless: true });
    await stream.until("idle", isIdle);
    const names = stream.events.map(({ event }) => event);
    expect(names.filter((name) => name === "message:new")).toHaveLength(1);
    expect(names.filter((name) => name === "message:complete")).toHaveLength(1);
    expect(names).not.toContain("error");
    expect(await visitor.messages(conversationId)).toHaveLength(4);
  });
});

describe("a send", () => {
  it("is answered in the shape of Lex, with a handle in place of the platform's id", async () => {
    const proxy = await startChat();
    const visitor = await createVisitor(proxy.url);
    const { status, body, headers } = await visitor.reply(QUESTION);
    expect({ status, body }).toEqual({
      status: 202,
      body: {
        success: true,
        messageId: expect.stringMatching(UUID),
        conversationId: expect.stringMatching(/^[\w-]+\.[\w-]{43}$/),
      },
    });
    expect(headers.get("content-type")).toContain("application/json");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it("opens another conversation each time no id is given", async () => {
    const proxy = await startChat();
    const visitor = await createVisitor(proxy.url);
    const [first, second] = [await visitor.ask("Hello"), await visitor.ask("Hello")];
    expect(second.conversationId).not.toBe(first.conversationId);
    expect(await visitor.messages(first.conversationId)).toHaveLength(2);
  });

  it("tells its key to the viewers, before the answer", async () => {
    const proxy = await startChat();
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = await visitor.ask("Hello");
    const stream = await visitor.stream(conversationId);
    await stream.snapshot();
    await visitor.reply(QUESTION, conversationId, { "Idempotency-Key": "key-of-this-tab" });
    await stream.until("idle", isIdle);
    const names = stream.events.map(({ event }) => event);
    expect(names.indexOf("message:new")).toBeLessThan(names.indexOf("conversation:state"));
    expect(stream.all("message:new")).toEqual([
      { message: expect.objectContaining({ content: QUESTION }), key: "key-of-this-tab" },
    ]);
  });
});

describe("the events of an answer", () => {
  it("run from thinking over a tool to idle, each with an id of its own", async () => {
    const proxy = await startChat(SLOW);
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = await visitor.ask("Hello");
    const stream = await visitor.stream(conversationId);
    await stream.snapshot();
    await visitor.reply(QUESTION, conversationId);
    await stream.until("idle", isIdle);
    const names = stream.events.map(({ event }) => event);
    expect(names.filter((name, index) => name !== names[index - 1])).toEqual([
      "connected",
      "conversation:init",
      "message:new",
      "conversation:state",
      "message:tool_use",
      "message:tool_result",
      "conversation:state",
      "message:chunk",
      "message:complete",
      "conversation:state",
    ]);
    expect(stream.all("conversation:state").map(({ state }) => state)).toEqual([
      "thinking",
      "responding",
      "idle",
    ]);
    const [connected, snapshot, ...later] = stream.events;
    expect(connected?.id).toBeUndefined();
    const numbers = [snapshot, ...later].map((seen) => Number(seen?.id?.split("-")[1]));
    const [first = 0] = numbers;
    expect(numbers).toEqual(numbers.map((_, index) => first + index));
  });

  it("name the tool without its input and result", async () => {
    const [use, result] = await toolEvents({});
    expect(use).toEqual({
      messageId: expect.any(String),
      toolUseId: expect.any(String),
      name: "search_articles",
    });
    expect(result).toEqual({ toolUseId: use?.toolUseId, ok: true });
  });

  it("carry the tool's input and result under TOOL_DETAILS=on", async () => {
    const [use, result] = await toolEvents({ TOOL_DETAILS: "on" });
    expect(use).toHaveProperty("input.query", expect.stringContaining("ship"));
    expect(result).toHaveProperty("result.0.title", "Shipping");
  });

  async function toolEvents(environment: NodeJS.ProcessEnv) {
    const proxy = await startChat(SLOW, environment);
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = await visitor.ask("Hello");
    const stream = await visitor.stream(conversationId);
    await stream.snapshot();
    await visitor.reply(QUESTION, conversationId);
    await stream.until("a result", ({ event }) => event === "message:tool_result");
    return [stream.all("message:tool_use")[0], stream.all("message:tool_result")[0]] as const;
  }
});

describe("a visitor", () => {
  it("pages through a history in both directions", async () => {
    const proxy = await startChat();
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = await visitor.ask("Hello");
    await visitor.ask("Thanks", conversationId);
    const all = await visitor.messages(conversationId);
    const ids = (messages: Array<{ id: string }>) => messages.map(({ id }) => id);
    const since = await visitor.messages(conversationId, `?since=${all[0]?.id}&limit=2`);
    const before = await visitor.messages(conversationId, `?before=${all[3]?.id}&limit=2`);
    expect(ids(since)).toEqual(ids(all.slice(1, 3)));
    expect(ids(before)).toEqual(ids(all.slice(1, 3)));
  });

  it("lists the conversations of its handles with title, state and last message", async () => {
    const proxy = await startChat();
    const visitor = await createVisitor(proxy.url);
    const first = await visitor.ask(QUESTION);
    const second = await visitor.ask("Hello");
    const ids = `${second.conversationId},${first.conversationId},no-handle`;
    const { status, body } = await visitor.request<ConversationsResponse>(`?ids=${ids}`);
    expect(status).toBe(200);
    expect(body.conversations).toEqual([
      {
        conversationId: second.conversationId,
        title: "Hello",
        state: "idle",
        lastMessage: second.answer,
      },
      {
        conversationId: first.conversationId,
        title: QUESTION,
        state: "idle",
        lastMessage: { ...first.answer, content: first.answer.content.slice(0, 200) },
      },
    ]);
  });

  it("reads the status while an answer is written, and after it", async () => {
    const proxy = await startChat(SLOW);
    const visitor = await createVisitor(proxy.url);
    const { body } = await visitor.reply(QUESTION);
    const status = async () =>
      (await visitor.request<StatusResponse>(`/${body.conversationId}/status`)).body;
    expect(await status()).toMatchObject({ active: true, state: "thinking", status: "active" });
    const stream = await visitor.stream(body.conversationId);
    await stream.until("idle", isIdle);
    expect(await status()).toEqual({ active: false, state: null, status: "active" });
  });

  it("keeps a token that is not a day old", async () => {
    const proxy = await startChat();
    const visitor = await createVisitor(proxy.url);
    const { body } = await call(`${proxy.url}/api/session`, {
      body: {},
      headers: { Authorization: `Bearer ${visitor.token}` },
    });
    expect(body).toMatchObject({ token: visitor.token, visitorId: visitor.visitorId });
  });
});

describe("feedback", () => {
  it("goes to the owner's callback, with the platform's own ids", async () => {
    const ratings: Feedback[] = [];
    const proxy = await startChat({}, {}, { onFeedback: (rating) => ratings.push(rating) });
    const visitor = await createVisitor(proxy.url);
    const { conversationId, answer } = await visitor.ask("Hello");
    for (const rating of ["up", null]) {
      const { status } = await visitor.request(
        `/${conversationId}/messages/${answer.id}/feedback`,
        { body: { rating } },
      );
      expect(status).toBe(204);
    }
    const about = {
      visitorId: visitor.visitorId,
      conversationId: expect.stringMatching(UUID),
      messageId: answer.id,
    };
    expect(ratings).toEqual([
      { ...about, rating: "up" },
      { ...about, rating: null },
    ]);
  });

  it("is a log line without a callback, and a 404 when it is off", async () => {
    const on = await startChat();
    const off = await startChat({}, { FEEDBACK: "off" });
    const rate = async (proxy: TestProxy): Promise<number> => {
      const visitor = await createVisitor(proxy.url);
      const { conversationId, answer } = await visitor.ask("Hello");
      const path = `/${conversationId}/messages/${answer.id}/feedback`;
      return (await visitor.request(path, { body: { rating: "down" } })).status;
    };
    expect(await rate(on)).toBe(204);
    expect(on.log).toContainEqual(expect.objectContaining({ msg: "feedback", rating: "down" }));
    expect(await rate(off)).toBe(404);
  });
});

describe.each([
  ["refuses an unknown conversation", "404"],
  ["puts an unknown conversation into its default channel", "default"],
] as const)("a platform that %s", (_name, unknownConversation) => {
  it("gets no visitor's conversation: 502, nothing relayed, no further try", async () => {
    const proxy = await startChat({ unknownConversation });
    const visitor = await createVisitor(proxy.url);
    const first = await visitor.reply(QUESTION);
    expect(first).toMatchObject({
      status: 502,
      body: { code: "platform_refused_conversation", retryable: false },
    });
    expect(first.text).not.toContain("conversationId");
    expect(await proxy.proxy.metrics.registry.metrics()).toMatch(/^lex_chat_conversations 0$/m);
    const loud = (): number => proxy.log.filter(({ level }) => level === 50).length;
    const before = loud();
    expect(proxy.log.some(({ msg }) => String(msg).includes("CONVERSATIONS=shared"))).toBe(true);
    const other = await createVisitor(proxy.url);
    expect(await other.reply("Hello")).toMatchObject({
      status: 502,
      body: { code: "platform_refused_conversation" },
    });
    expect(loud()).toBe(before + 1);
  });
});
