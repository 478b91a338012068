import { beforeAll, describe, expect, it } from "vitest";
import type { Problem } from "../../../proxy/protocol.ts";
import { startProxyProcess, type ProxyProcess } from "../../support/proxy-process.ts";
import {
  call,
  closeLater,
  createVisitor,
  eventually,
  startPlatform,
  startProxy,
  type Visitor,
} from "../../support/proxy.ts";
import { connectTo } from "../../support/redis-connection.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { startUpstream, type Handler } from "../proxy/upstream.ts";

let server: TestRedis;

beforeAll(async () => {
  server = await startRedis();
});

describe("a proxy that ends", () => {
  it("keeps the outcome of a send under way before it leaves Redis", async () => {
    const upstream = await startUpstream();
    const environment = { REDIS_URL: server.url, DRAIN_SECONDS: "0" };
    const proxy = await startProxy(upstream.url, environment);
    await untilReady(proxy.url);
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = (await visitor.reply("Hello")).body;
    const stream = await visitor.stream(conversationId);
    const answer = Promise.withResolvers<void>();
    upstream.routes.reply = async (exchange, at) => {
      await answer.promise;
      at.standard.reply(exchange, at);
    };
    const key = { "Idempotency-Key": "key-at-the-end" };
    const sent = visitor.reply("Thanks", conversationId, key);
    await eventually("the send", () => upstream.sends()[1]);
    const closed = proxy.close();
    await stream.ended();
    answer.resolve();
    const { body } = await sent;
    await closed;

    const redis = await connectTo(server);
    const entry = redis.key(`send:${visitor.visitorId}:key-at-the-end`);
    const result = await redis.commands.hget(entry, "result");
    expect(JSON.parse(result ?? "null")).toEqual(body);
  });
});

describe("two proxies", () => {
  const key = (name: string) => ({ "Idempotency-Key": `key-of-${name}` });

  it("send a message once that comes to both at the same time", async () => {
    const platform = await startPlatform();
    const environment = { REDIS_URL: server.url };
    const [one, two] = await Promise.all([
      startProxy(platform.url, environment),
      startProxy(platform.url, environment),
    ]);
    await Promise.all([untilReady(one.url), untilReady(two.url)]);
    const visitor = await createVisitor(one.url);
    const same = await createVisitor(two.url, { token: visitor.token });
    const answers = await Promise.all(
      [visitor, same, visitor, same].map((at) => at.reply("Hello", undefined, key("both"))),
    );
    const [first] = answers;
    expect(first?.status).toBe(202);
    expect(answers.map(({ body }) => body)).toEqual(answers.map(() => first?.body));
    const handle = first?.body.conversationId ?? "";
    await expect.poll(() => same.messages(handle), { timeout: 10_000 }).toHaveLength(2);
  });
});

describe("a message whose proxy died before it knew", () => {
  const key = { "Idempotency-Key": "key-of-the-dead" };
  const environment = (): Record<string, string> => ({ REDIS_URL: server.url });
  const take: Handler = (_exchange, upstream) => void upstream.add("user", "Hello");

  /** A proxy that waits for the platform to answer its send, and another one. */
  async function sendThrough(start: (lexUrl: string) => Promise<{ url: string }>, reply: Handler) {
    const upstream = await startUpstream();
    const [dying, other] = await Promise.all([
      start(upstream.url),
      startProxy(upstream.url, environment()),
    ]);
    // Before the proxies: they wait for the send that it never answers.
    closeLater(() => upstream.close());
    await Promise.all([untilReady(dying.url), untilReady(other.url)]);
    const visitor = await createVisitor(dying.url);
    const { body } = await visitor.reply("Hello");
    upstream.add("assistant", "Hello!");
    upstream.routes.reply = reply;
    const cut = visitor.reply("Hello", body.conversationId, key).catch(() => undefined);
    await eventually("the send", () => upstream.sends()[1]);
    upstream.routes.reply = upstream.standard.reply;
    const same = await createVisitor(other.url, { token: visitor.token });
    const retry = (content = "Hello") => same.reply(content, body.conversationId, key);
    return { upstream, visitor, cut, retry };
  }

  /** As if it had been dead for longer than its claim lasts. */
  async function bury(visitor: Visitor): Promise<void> {
    const redis = await connectTo(server);
    const entry = redis.key(`send:${visitor.visitorId}:key-of-the-dead`);
    expect(await redis.commands.hset(entry, { lease: 0, owner: "" })).toBe(0);
  }

  it("is found after kill -9, and not sent again", async () => {
    let killed: ProxyProcess | undefined;
    const start = async (lexUrl: string): Promise<ProxyProcess> =>
      (killed = await startProxyProcess({ LEX_URL: lexUrl, ...environment() }));
    const { upstream, cut, retry } = await sendThrough(start, take);
    await killed?.end("SIGKILL");
    await cut;
    expect(await retry()).toMatchObject({ status: 202, body: { messageId: "message-3" } });
    expect(upstream.sends()).toHaveLength(2);
    expect(upstream.messages).toHaveLength(3);
    const again = await retry("Bye");
    expect((again.body as unknown as Problem).code).toBe("idempotency_key_reused");
  }, 60_000);

  it("is sent when it is not there, and no earlier one of the same text taken for it", async () => {
    const start = (lexUrl: string) => startProxy(lexUrl, environment());
    const { upstream, visitor, retry } = await sendThrough(start, () => undefined);
    await bury(visitor);
    expect(await retry()).toMatchObject({ status: 202, body: { messageId: "message-3" } });
    expect(upstream.sends()).toHaveLength(3);
  });

  it("stays unknown while the platform's history can't be read", async () => {
    const start = (lexUrl: string) => startProxy(lexUrl, environment());
    const { upstream, visitor, retry } = await sendThrough(start, take);
    await bury(visitor);
    upstream.routes.messages = ({ response }) => void response.writeHead(500).end();
    expect((await retry()).status).toBe(502);
    delete upstream.routes.messages;
    expect(await retry()).toMatchObject({ status: 202, body: { messageId: "message-3" } });
    expect(upstream.sends()).toHaveLength(2);
  });
});

/** A proxy takes sends when it is connected to Redis. */
async function untilReady(url: string): Promise<void> {
  await expect
    .poll(async () => (await call(`${url}/healthz`)).body, { timeout: 10_000 })
    .toEqual({ status: "ok", redis: "up" });
}
