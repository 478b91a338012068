import { describe, expect, it } from "vitest";
import type { ErrorCode, Problem } from "../../../proxy/protocol.ts";
import {
  API_KEY,
  createVisitor,
  eventually,
  startProxy,
  type TestProxy,
} from "../../support/proxy.ts";
import { json, startUpstream, type Handler, type Routes } from "./upstream.ts";

const IMPATIENT = { platformTimeoutMs: 400, holdMs: 600 };
const key = (name: string) => ({ "Idempotency-Key": `key-of-${name}` });

async function open(routes: Routes = {}) {
  const upstream = await startUpstream(routes);
  const proxy = await startProxy(upstream.url, {}, IMPATIENT);
  const visitor = await createVisitor(proxy.url);
  return { upstream, proxy, visitor };
}

const answering =
  (status: number, headers: Record<string, string> = {}): Handler =>
  ({ response }) =>
    void response.writeHead(status, headers).end("upstream says why");

const reset: Handler = ({ response }) => void response.destroy();

/** Takes the message, and breaks before it says so. */
const resetAfterTaking: Handler = ({ response, body }, upstream) => {
  upstream.add("user", String((JSON.parse(body) as Record<string, unknown>)["content"]));
  response.destroy();
};

const errorsOf = (proxy: TestProxy) => proxy.log.filter(({ level }) => Number(level) >= 50);

describe("a send becomes", () => {
  const table: Array<[status: number, code: ErrorCode, becomes: number, retryable: boolean]> = [
    [302, "platform_rejected_request", 502, false],
    [400, "platform_rejected_request", 502, false],
    [401, "platform_rejected_request", 502, false],
    [403, "platform_rejected_request", 502, false],
    [408, "platform_timeout", 504, true],
    [429, "platform_unavailable", 502, true],
    [500, "platform_unavailable", 502, true],
    [503, "platform_unavailable", 502, true],
    [504, "platform_timeout", 504, true],
  ];

  it.each(table)("for the platform's %i: %s", async (status, code, becomes, retryable) => {
    const { visitor } = await open({ reply: answering(status) });
    const answer = await visitor.reply("Hello");
    expect(answer).toMatchObject({ status: becomes, body: { code, retryable } });
    expect(answer.text).not.toContain("upstream");
  });

  it("502 with the seconds that the platform wants to be left alone", async () => {
    const { visitor } = await open({ reply: answering(503, { "Retry-After": "7" }) });
    const { status, headers } = await visitor.reply("Hello");
    expect([status, headers.get("retry-after")]).toEqual([502, "7"]);
  });

  it("502, to be repeated, when nobody listens at the platform's address", async () => {
    const { upstream, visitor } = await open();
    upstream.close();
    expect(await visitor.reply("Hello")).toMatchObject({
      status: 502,
      body: { code: "platform_unavailable", retryable: true },
    });
  });
});

describe("a key that the platform refuses", () => {
  it("is one loud log line for each try, without the key, and an answer that does not tell", async () => {
    const { proxy, visitor } = await open({ reply: answering(401) });
    const answer = await visitor.reply("Hello");
    expect(errorsOf(proxy)).toEqual([
      expect.objectContaining({
        code: "platform_rejected_request",
        msg: expect.stringContaining("API key"),
      }),
    ]);
    expect(JSON.stringify(proxy.log) + answer.text).not.toContain(API_KEY);
    expect((answer.body as unknown as Problem).detail).toBe(
      "The chat is unavailable at the moment.",
    );
  });
});

describe("a busy platform", () => {
  it("gets the message as soon as it is idle; a second message is refused at once", async () => {
    const { upstream, visitor } = await open();
    const { body } = await visitor.reply("Hello");
    upstream.state = "thinking";
    upstream.routes.reply = answering(409);
    const held = visitor.reply("Held", body.conversationId);
    await eventually("the first try", () => upstream.sends()[1]);
    const startedAt = Date.now();
    const second = await visitor.reply("Refused", body.conversationId);
    expect(Date.now() - startedAt).toBeLessThan(400);
    expect(second).toMatchObject({ status: 409, body: { code: "conversation_busy" } });
    expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(0);
    upstream.state = "idle";
    upstream.routes.reply = upstream.standard.reply;
    expect((await held).status).toBe(202);
    expect(upstream.messages.map(({ content }) => content)).toEqual(["Hello", "Held"]);
  });

  it("is not waited for without end", async () => {
    const { upstream, visitor } = await open();
    const { body } = await visitor.reply("Hello");
    upstream.state = "thinking";
    upstream.routes.reply = answering(409);
    const refused = await visitor.reply("Held", body.conversationId);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: "conversation_busy", retryable: true },
    });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("a send whose answer got lost", () => {
  it.each([
    ["the connection broke", resetAfterTaking],
    [
      "the platform took too long to say so",
      (({ body }, upstream) => {
        upstream.add("user", String((JSON.parse(body) as Record<string, unknown>)["content"]));
      }) satisfies Handler,
    ],
  ])("is found in the history: %s", async (_name, reply) => {
    const { upstream, visitor } = await open({ reply });
    expect(await visitor.reply("Hello")).toMatchObject({
      status: 202,
      body: { messageId: "message-1" },
    });
    expect(upstream.sends()).toHaveLength(1);
  });

  it("is no earlier message of the same text", async () => {
    const { upstream, visitor } = await open();
    const { body } = await visitor.reply("Hello");
    upstream.add("assistant", "Hello!");
    upstream.routes.reply = reset;
    expect(await visitor.reply("Hello", body.conversationId)).toMatchObject({
      status: 502,
      body: { code: "send_outcome_unknown", retryable: false },
    });
  });

  it("is looked for before the same key sends it again", async () => {
    const { upstream, visitor } = await open({ reply: resetAfterTaking, messages: reset });
    const send = () => visitor.reply("Hello", undefined, key("look-first"));
    expect(await send()).toMatchObject({ status: 502, body: { code: "send_outcome_unknown" } });
    delete upstream.routes.messages;
    expect(await send()).toMatchObject({ status: 202, body: { messageId: "message-1" } });
    expect(upstream.sends()).toHaveLength(1);
  });

  it("is not sent again either when the platform's stream has shown it meanwhile", async () => {
    const { upstream, visitor } = await open();
    const { body } = await visitor.reply("Hi");
    const page = await visitor.stream(body.conversationId);
    await page.snapshot();
    upstream.routes.reply = resetAfterTaking;
    upstream.routes.messages = reset;
    const send = () => visitor.reply("Hello", body.conversationId, key("shown-meanwhile"));
    expect(await send()).toMatchObject({ status: 502, body: { code: "send_outcome_unknown" } });
    upstream.emit("message:new", upstream.messages.at(-1));
    await page.until("the message", ({ event }) => event === "message:new");
    delete upstream.routes.messages;
    expect(await send()).toMatchObject({ status: 202, body: { messageId: "message-2" } });
    expect(upstream.sends()).toHaveLength(2);
  });

  it("is sent again by the same key, in the same conversation, when it is not there", async () => {
    const { upstream, visitor } = await open({ reply: reset });
    const send = () => visitor.reply("Hello", undefined, key("send-again"));
    expect(await send()).toMatchObject({ status: 502, body: { code: "send_outcome_unknown" } });
    delete upstream.routes.reply;
    expect((await send()).status).toBe(202);
    const [first, second] = upstream.sends().map(({ body }) => body);
    expect(second).toBe(first);
    expect(upstream.messages).toHaveLength(1);
  });
});

describe("a failed send", () => {
  it("leaves its key free for another try", async () => {
    const { upstream, visitor } = await open({ reply: answering(503) });
    expect((await visitor.reply("Hello", undefined, key("another-try"))).status).toBe(502);
    delete upstream.routes.reply;
    expect((await visitor.reply("Hello", undefined, key("another-try"))).status).toBe(202);
  });
});

describe("an answer of the platform that can't be read", () => {
  it.each([
    ["HTML", "<!doctype html><title>Login</title>"],
    ["JSON of another shape", '["messages"]'],
    ["nothing", ""],
    ["messages that are no list", '{"messages": {"0": {}}}'],
  ])("becomes 502 for the reader: %s", async (_name, text) => {
    const { upstream, visitor } = await open();
    const { body } = await visitor.reply("Hello");
    upstream.routes.messages = ({ response }) => void response.writeHead(200).end(text);
    expect(await visitor.request(`/${body.conversationId}/messages`)).toMatchObject({
      status: 502,
      body: { code: "platform_unavailable", retryable: true },
    });
  });

  it("becomes 504 when it does not come in time", async () => {
    const { upstream, visitor } = await open();
    const { body } = await visitor.reply("Hello");
    upstream.routes.messages = () => undefined;
    expect(await visitor.request(`/${body.conversationId}/messages`)).toMatchObject({
      status: 504,
      body: { code: "platform_timeout", retryable: true },
    });
  });

  it("is left out message by message: no id, no text, a role that is none of a visitor's", async () => {
    const { upstream, visitor } = await open();
    const { body } = await visitor.reply("Hello");
    upstream.routes.messages = ({ response }) =>
      json(response, 200, {
        messages: [
          null,
          "text",
          { id: 7, role: "user", content: "no id" },
          { id: "a", role: "user" },
          { id: "b", role: "system", content: "You are Lex" },
          { id: "c", role: "tool", content: "{}" },
          {
            id: "d",
            role: "assistant",
            content: "Hello!",
            created_at: "2026-02-25T00:00:00Z",
            cost: 1,
          },
        ],
      });
    expect(await visitor.messages(body.conversationId)).toEqual([
      { id: "d", role: "assistant", content: "Hello!", created_at: "2026-02-25T00:00:00Z" },
    ]);
  });

  it("unknown when the place it was taken to can't be checked, and is looked for before a repeat", async () => {
    const unnamed: Handler = ({ response, body }, upstream) => {
      const { content } = JSON.parse(body) as { content: string };
      upstream.add("user", content);
      json(response, 202, { success: true });
    };
    const { upstream, visitor } = await open({ reply: unnamed, messages: answering(500) });
    const first = await visitor.reply("Hello", undefined, key("unchecked"));
    expect(first).toMatchObject({ status: 502, body: { code: "send_outcome_unknown" } });
    delete upstream.routes.messages;
    const again = await visitor.reply("Hello", undefined, key("unchecked"));
    expect(again.status).toBe(202);
    expect(upstream.messages.filter(({ role }) => role === "user")).toHaveLength(1);
  });

  it("a new try, and no refused key, when it is repeated in another conversation", async () => {
    const { upstream, visitor } = await open({ reply: reset });
    const first = await visitor.reply("Hello", undefined, key("moved"));
    expect(first).toMatchObject({ status: 502, body: { code: "send_outcome_unknown" } });
    delete upstream.routes.reply;
    const { body } = await visitor.reply("Something else", undefined, key("other"));
    const again = await visitor.reply("Hello", body.conversationId, key("moved"));
    expect(again).toMatchObject({ status: 202, body: { conversationId: body.conversationId } });
  });
});
