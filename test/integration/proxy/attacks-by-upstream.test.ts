import { describe, expect, it } from "vitest";
import {
  API_KEY,
  call,
  createVisitor,
  eventually,
  isChunk,
  startChat,
  startPlatform,
  startProxy,
  tile,
  type TestProxy,
  type Visitor,
} from "../../support/proxy.ts";
import { json, startUpstream, type Routes } from "./upstream.ts";

const WEBHOOK_SECRET = "what-the-platform-sends-along-with-webhooks";

async function open(routes: Routes = {}) {
  const upstream = await startUpstream(routes);
  const proxy = await startProxy(upstream.url);
  return { upstream, proxy, visitor: await createVisitor(proxy.url) };
}

describe("the platform's key", () => {
  it.each([301, 302, 303, 307, 308])(
    "does not follow a redirect (%i) to another host",
    async (status) => {
      const thief = await startUpstream();
      const elsewhere: Routes["reply"] = ({ request, response }) =>
        void response.writeHead(status, { Location: `${thief.url}${request.url}` }).end();
      const { upstream, visitor } = await open();
      const { body } = await visitor.reply("Hello");
      Object.assign(upstream.routes, { reply: elsewhere, messages: elsewhere, stream: elsewhere });
      upstream.cutStreams();
      expect((await visitor.reply("Hello", body.conversationId)).status).toBe(502);
      expect((await visitor.request(`/${body.conversationId}/messages`)).status).toBe(502);
      await eventually("another try to stream", () =>
        upstream.requests.filter(({ path }) => path.endsWith("/stream"))[1] ? true : undefined,
      );
      expect(thief.requests).toEqual([]);
    },
  );

  it("goes only to the platform, in the only header that is passed", async () => {
    const { upstream, visitor } = await open();
    await visitor.request("/reply", {
      body: { content: "Hello", role: "system", model: "other", url: "http://thief.example" },
      headers: {
        Cookie: "session=1",
        "X-Forwarded-Host": "thief.example",
        "X-Lex-Url": "http://thief.example",
        "Idempotency-Key": "key-of-the-visitor",
      },
    });
    const [sent] = upstream.sends();
    expect(sent?.headers).toMatchObject({
      authorization: `Bearer ${API_KEY}`,
      "content-type": "application/json",
      host: new URL(upstream.url).host,
    });
    expect(JSON.stringify(upstream.requests)).not.toMatch(
      /thief|session=1|key-of-the-visitor|shop\.example/,
    );
    expect(Object.keys(JSON.parse(sent?.body ?? "") as object)).toEqual([
      "content",
      "conversationId",
    ]);
  });

  it("is not moved by keys that would pollute a prototype", async () => {
    const { upstream, visitor } = await open();
    const sent = await visitor.request("/reply", {
      body: '{"__proto__":{"conversationId":"a","polluted":1},"constructor":{"prototype":{"polluted":1}},"content":"Hello"}',
    });
    expect(sent.status).toBe(202);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(upstream.sends()[0]?.body).not.toContain("polluted");
  });
});

describe("what the platform says", () => {
  it("splits neither headers nor events", async () => {
    const evil = "x\r\nSet-Cookie: a=1\r\n\r\nevent: error\ndata: {}\n\n";
    const { upstream, visitor } = await open({
      reply: ({ response, body }) => {
        const { conversationId } = JSON.parse(body) as { conversationId: string };
        upstream.add("user", "Hello");
        response.setHeader("Retry-After", "1");
        json(response, 202, { messageId: evil, conversationId });
      },
    });
    const { body, headers } = await visitor.reply("Hello");
    expect(headers.get("set-cookie")).toBeNull();
    const stream = await visitor.stream(body.conversationId);
    await stream.snapshot();
    upstream.emit("message:chunk", { messageId: `answer ${evil}`, text: evil });
    await stream.until("the text", isChunk);
    expect(tile(stream).text).toBe(evil);
    expect(stream.all("error")).toEqual([]);
  });

  it("can't move a visitor's message into somebody else's conversation", async () => {
    const { upstream, visitor } = await open();
    const { body } = await visitor.reply("Hello");
    upstream.routes.reply = ({ response }) =>
      json(response, 202, { messageId: "m", conversationId: "somebody-else" });
    const moved = await visitor.reply("Hello again", body.conversationId);
    expect(moved).toMatchObject({ status: 502, body: { code: "platform_refused_conversation" } });
  });

  it("can't open somebody else's conversation to a new visitor", async () => {
    const { visitor } = await open({
      reply: ({ response }) => json(response, 202, { conversationId: "somebody-else" }),
    });
    const answer = await visitor.reply("Hello");
    expect(answer).toMatchObject({ status: 502, body: { code: "platform_refused_conversation" } });
    expect(answer.text).not.toContain(Buffer.from("somebody-else").toString("base64url"));
  });
});

describe("a webhook", () => {
  const send = (proxy: TestProxy, body: unknown, secret?: string) =>
    call(`${proxy.url}/webhooks/lex`, {
      body,
      headers: { Origin: undefined, "X-Webhook-Secret": secret },
    });
  const idOf = (handle: string) => Buffer.from(handle.split(".")[0] ?? "", "base64url").toString();

  it.each([
    ["without a secret", undefined],
    ["with another secret", "what-the-platform-sends-along-with-webhookz"],
    ["with a part of the secret", WEBHOOK_SECRET.slice(0, -1)],
  ])("%s is refused, and not readable by a page", async (_name, secret) => {
    const proxy = await startChat({}, { WEBHOOK_SECRET });
    const { status, headers } = await send(proxy, { conversationId: "a" }, secret);
    expect(status).toBe(401);
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  it("is not there when no secret is set", async () => {
    expect((await send(await startChat(), { conversationId: "a" }, "")).status).toBe(404);
  });

  it.each([
    ["no conversation", {}],
    ["a conversation that is no text", { conversationId: { id: 1 } }],
    ["a list", []],
  ])("that names %s is 400", async (_name, body) => {
    const proxy = await startChat({}, { WEBHOOK_SECRET });
    expect((await send(proxy, body, WEBHOOK_SECRET)).status).toBe(400);
  });

  it("shows nothing of its own words to anybody", async () => {
    const proxy = await startChat({}, { WEBHOOK_SECRET });
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = await visitor.ask("Hello");
    const stream = await visitor.stream(conversationId);
    const { messages } = await stream.snapshot();
    const forged = {
      conversationId: idOf(conversationId),
      text: "Send your card number",
      from: "lex",
    };
    expect((await send(proxy, forged, WEBHOOK_SECRET)).status).toBe(204);
    await visitor.ask("Thanks", conversationId);
    expect(stream.raw()).not.toContain("card number");
    expect(messages).toHaveLength(2);
  });

  it("makes a proactive message visible that the stream did not bring, to its own visitor only", async () => {
    const upstream = await startUpstream();
    const proxy = await startProxy(upstream.url, { WEBHOOK_SECRET });
    const [visitor, other] = [await createVisitor(proxy.url), await createVisitor(proxy.url)];
    const handle = await opened(visitor, "Hello");
    const stream = await visitor.stream(handle);
    await stream.snapshot();
    const others = await other.stream(await opened(other, "Good evening"));
    await others.snapshot();
    upstream.add("assistant", "Your order has left.");
    expect((await send(proxy, { conversation: idOf(handle) }, WEBHOOK_SECRET)).status).toBe(204);
    await stream.until("the message", ({ event }) => event === "message:complete");
    expect(others.raw()).not.toContain("Your order");
  });

  it("of the local platform is taken", async () => {
    const platform = await startPlatform();
    const proxy = await startProxy(platform.url, { WEBHOOK_SECRET });
    const set = await call(`${platform.url}/api/webhooks/me`, {
      method: "PUT",
      headers: { Authorization: `Bearer ${API_KEY}` },
      body: {
        url: `${proxy.url}/webhooks/lex`,
        headers: { "X-Webhook-Secret": WEBHOOK_SECRET },
        bodyTemplate: { conversationId: "{{conversationId}}" },
      },
    });
    expect(set.status).toBe(200);
    await (await createVisitor(proxy.url)).ask("Hello");
    await eventually("the webhook", async () => {
      const metrics = await proxy.proxy.metrics.registry.metrics();
      return metrics.includes('lex_chat_webhooks_total{known="true"} 1') ? true : undefined;
    });
  });

  const opened = async (visitor: Visitor, content: string): Promise<string> =>
    (await visitor.reply(content)).body.conversationId;
});
