/** Lexey's own word that a person takes over, and what others may try with that address. */
import { createHmac, randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { StatusResponse } from "../../../proxy/protocol.ts";
import {
  call,
  createVisitor,
  eventually,
  isIdle,
  lexeyAt,
  startLexeyChat,
  startProxy,
  type TestProxy,
} from "../../support/proxy.ts";
import type { SeenEvent } from "../../support/event-stream.ts";
import { startLexey } from "../management/owners.ts";
import { json } from "../proxy/upstream.ts";

const LEXEY_WEBHOOK_SECRET = "shared-with-send-webhook-on-event";

let proxy: TestProxy;
beforeAll(async () => {
  proxy = await startLexeyChat({}, { LEXEY_WEBHOOK_SECRET });
});

/** The document's sample; `more` tells two deliveries apart. */
const payload = (id: string, more: object = {}) =>
  JSON.stringify({
    event: "conversation.escalated",
    timestamp: "2026-02-19T04:30:00.000Z",
    conversation: {
      id,
      status: "escalated",
      customerIdentifier: "user@example.com",
      createdAt: "2026-02-19T04:00:00.000Z",
    },
    messages: [],
    payload: { reason: "Customer requested manager for refund dispute" },
    ...more,
  });

const sign = (body: string, secret = LEXEY_WEBHOOK_SECRET): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

const post = (body: string, signature: string | undefined = sign(body), { url } = proxy) =>
  call(`${url}/webhooks/lexey`, { body, headers: { "X-Lexey-Signature": signature } });

/** Of an event, in the conversation. */
const numberOf = ({ id }: Pick<SeenEvent, "id">): number => Number(id?.split("-")[1]);

const idOf = (handle: string): string =>
  Buffer.from(handle.split(".")[0] ?? "", "base64url").toString();

async function open() {
  const visitor = await createVisitor(proxy.url);
  const { conversationId: handle } = await visitor.ask("Hello");
  const stream = await visitor.stream(handle);
  await stream.snapshot();
  return { visitor, handle, stream, id: idOf(handle) };
}

async function counted(known: boolean): Promise<number> {
  const text = await proxy.proxy.metrics.registry.metrics();
  return Number(new RegExp(`webhooks_total\\{known="${known}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
}

it("shows every viewer that a person takes over, and every one that comes later", async () => {
  const { visitor, handle, stream, id } = await open();
  expect(await post(payload(id))).toMatchObject({ status: 200, body: { received: true } });
  const { data } = await stream.until("news", ({ event }) => event === "conversation:status");
  expect(data).toEqual({ status: "escalated" });

  const later = await visitor.stream(handle);
  expect((await later.snapshot()).status).toBe("escalated");
  const { body } = await visitor.request<StatusResponse>(`/${handle}/status`);
  expect(body).toEqual({ active: false, state: null, status: "escalated" });
});

it("tells it once, however often it is delivered", async () => {
  const { visitor, handle, stream, id } = await open();
  const known = await counted(true);
  for (let count = 0; count < 3; count += 1) expect((await post(payload(id))).status).toBe(200);
  expect(await counted(true)).toBe(known + 1);
  expect((await post(payload(id, { timestamp: "2026-02-19T05:00:00.000Z" }))).status).toBe(200);
  expect(await counted(true)).toBe(known + 2);
  await visitor.reply("Thanks", handle);
  await stream.until("what comes after it", isIdle);
  expect(stream.all("conversation:status")).toHaveLength(1);
});

it("answers and counts one for a conversation that nobody here holds", async () => {
  const { stream } = await open();
  const unknown = await counted(false);
  expect((await post(payload(randomUUID()))).status).toBe(200);
  expect(await counted(false)).toBe(unknown + 1);
  expect(stream.all("conversation:status")).toEqual([]);
});

it("shows who comes back to a conversation that was forgotten here that a person has taken over", async () => {
  const relayTimes = { graceMs: 20, retentionMs: 20 };
  const forgetful = await startLexeyChat({}, { LEXEY_WEBHOOK_SECRET }, { relayTimes });
  const isForgotten = async (): Promise<true | undefined> => {
    const text = await forgetful.proxy.metrics.registry.metrics();
    return /^lex_chat_conversations 0$/m.test(text) || undefined;
  };
  const visitor = await createVisitor(forgetful.url);
  const { conversationId: handle } = await visitor.ask("Hello");
  await eventually("nobody needs it", isForgotten);
  const body = payload(idOf(handle));
  expect((await post(body, sign(body), forgetful)).status).toBe(200);
  expect((await visitor.request<StatusResponse>(`/${handle}/status`)).body.status).toBe(
    "escalated",
  );
  const stream = await visitor.stream(handle);
  expect((await stream.snapshot()).status).toBe("escalated");
  stream.close();
  await eventually("nobody needs it again", isForgotten);
  expect((await (await visitor.stream(handle)).snapshot()).status).toBe("escalated");
});

it("takes an answer without a word for a person's turn from then on, and for a failure before", async () => {
  const mute = "id: 1\ndata: [DONE]\n\n";
  const messages: object[] = [];
  const lexey = await startLexey((response, { method, url = "" }) => {
    if (method === "GET") return json(response, 200, { messages });
    if (!url.endsWith("/messages")) return json(response, 201, { conversationId: "c1" });
    messages.push({ role: "user", content: "Hello", createdAt: new Date().toISOString() });
    response.writeHead(200, { "Content-Type": "text/event-stream" }).end(mute);
  });
  const settings = { ...lexeyAt(lexey.url), LEXEY_WEBHOOK_SECRET };
  const silent = await startProxy(lexey.url, settings);
  const visitor = await createVisitor(silent.url);
  const { conversationId: handle } = (await visitor.reply("Hello")).body;
  const stream = await visitor.stream(handle);
  await stream.until("the failure", ({ event }) => event === "error");

  const body = payload("c1");
  expect((await post(body, sign(body), silent)).status).toBe(200);
  for (let count = 0; count < 2; count += 1) {
    const { messageId } = (await visitor.reply("Hello", handle)).body;
    const isOwn = ({ data }: SeenEvent): boolean => JSON.stringify(data).includes(messageId);
    const { id } = await stream.until("the message", isOwn);
    const isLater = (event: SeenEvent): boolean => numberOf(event) > numberOf({ id });
    await stream.until("the end of its turn", (event) => isIdle(event) && isLater(event));
  }
  expect(stream.all("error")).toHaveLength(1);
});

it("answers an event that it does not know, and changes nothing", async () => {
  const { visitor, handle, id } = await open();
  expect((await post(payload(id, { event: "conversation.closed" }))).status).toBe(200);
  const { body } = await visitor.request<StatusResponse>(`/${handle}/status`);
  expect(body.status).toBe("active");
});

describe("a delivery is refused", () => {
  const body = payload("550e8400-e29b-41d4-a716-446655440000");

  it.each<[string, string | undefined]>([
    ["without a signature", undefined],
    ["with an empty one", ""],
    ["with one by another secret", sign(body, "another-secret-of-somebody-else-1234")],
    ["with the signature of another body", sign(`${body} `)],
    ["with half of it", sign(body).slice(0, 39)],
    ["without its prefix", sign(body).slice("sha256=".length)],
    ["with the name of another hash", sign(body).replace("sha256", "sha1")],
  ])("%s", async (_name, signature) => {
    const headers = { "X-Lexey-Signature": signature };
    const answer = await call(`${proxy.url}/webhooks/lexey`, { body, headers });
    expect(answer).toMatchObject({ status: 401, body: { code: "admin_token_invalid" } });
    expect(answer.text).not.toContain(sign(body));
  });

  it.each([
    ["that is no JSON", "{", 400],
    ["without a conversation", '{"event":"conversation.escalated"}', 400],
    ["whose conversation has a long id", payload("x".repeat(301)), 400],
    ["of three megabytes", payload("x", { messages: ["x".repeat(3_000_000)] }), 413],
  ])("%s", async (_name, content, status) => {
    expect((await post(content)).status).toBe(status);
  });

  it("where no secret is set", async () => {
    const without = await startLexeyChat();
    const headers = { "X-Lexey-Signature": sign(body) };
    const answer = await call(`${without.url}/webhooks/lexey`, { body, headers });
    expect(answer).toMatchObject({ status: 404, body: { code: "route_not_found" } });
    // Nor is a body read there.
    const long = payload("x", { messages: ["x".repeat(3_000_000)] });
    expect((await call(`${without.url}/webhooks/lexey`, { body: long })).status).toBe(404);
  });
});

it("takes the bytes as they are signed, not as they would be written again", async () => {
  const { stream, id } = await open();
  const spaced = `  ${payload(id).replace(":", " :  ")}\n`;
  expect((await post(spaced, sign(spaced).toUpperCase().replace("SHA256", "sha256"))).status).toBe(
    200,
  );
  await stream.until("news", ({ event }) => event === "conversation:status");
});

it("takes a history that is longer than what a visitor may send", async () => {
  const { stream, id } = await open();
  expect((await post(payload(id, { messages: ["x".repeat(500_000)] }))).status).toBe(200);
  await stream.until("news", ({ event }) => event === "conversation:status");
});
