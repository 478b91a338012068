import { pino } from "pino";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { ProxyError } from "../../../proxy/errors.ts";
import { createRedis, type RedisConnection } from "../../../proxy/redis/connection.ts";
import { createRedisIdempotency } from "../../../proxy/redis/idempotency.ts";
import { createIdempotency, type IdempotentSend } from "../../../proxy/relay/idempotency.ts";
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
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { startUpstream, type Handler } from "../proxy/upstream.ts";

type Run = IdempotentSend<string>["run"];
type Instance = {
  redis: RedisConnection;
  sendOnce: (run: Run, content?: string) => Promise<string>;
};

const attempt = { conversationId: "c1", lastMessageId: "m0" };
const reused = { code: "idempotency_key_reused", status: 422 };
let server: TestRedis;

beforeAll(async () => {
  server = await startRedis();
});

/** What one proxy knows of a key, without the proxy. */
async function startInstance(key: string, url = server.url): Promise<Instance> {
  const logger = pino({ level: "silent" });
  const redis = createRedis(url, logger);
  closeLater(() => redis.close());
  await expect.poll(() => redis.isUp()).toBe(true);
  const sendOnce = createIdempotency(createRedisIdempotency<string>(redis, logger));
  return {
    redis,
    sendOnce: (run, content = "Hi") =>
      sendOnce({ visitorId: "a_ada", key, content, target: null, run }),
  };
}

const startInstances = (key: string): Promise<[Instance, Instance]> =>
  Promise.all([startInstance(key), startInstance(key)]);

const failUnknown: Run = async (_earlier, onAttempt) => {
  await onAttempt(attempt);
  throw new ProxyError("send_outcome_unknown");
};

describe("a key of two instances", () => {
  it("is done once, and answered again by either", async () => {
    const [one, two] = await startInstances("done-once");
    const again = vi.fn(async () => "m2");
    expect(await one.sendOnce(async () => "m1")).toBe("m1");
    expect(await two.sendOnce(again)).toBe("m1");
    expect(again).not.toHaveBeenCalled();
    await expect(two.sendOnce(again, "Bye")).rejects.toMatchObject(reused);
    const kept = await one.redis.commands.pttl(one.redis.key("send:a_ada:done-once"));
    expect(kept).toBeGreaterThan(23.9 * 3_600_000);
  });

  it("is waited for while the other one sends, and refused for another message", async () => {
    const [one, two] = await startInstances("in-flight");
    const { promise, resolve } = Promise.withResolvers<string>();
    const isRunning = Promise.withResolvers<void>();
    const first = one.sendOnce(() => {
      isRunning.resolve();
      return promise;
    });
    await isRunning.promise;
    await expect(two.sendOnce(async () => "m2", "Bye")).rejects.toMatchObject(reused);
    const second = two.sendOnce(async () => "m2");
    resolve("m1");
    expect(await Promise.all([first, second])).toEqual(["m1", "m1"]);
  });

  it("is claimed by one of many that come at once", async () => {
    const instances = await startInstances("at-once");
    const run = vi.fn(async () => "m1");
    const all = Array.from({ length: 20 }, (_, index) => instances[index % 2]?.sendOnce(run));
    expect(new Set(await Promise.all(all))).toEqual(new Set(["m1"]));
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("is free again after a definite failure, for any message", async () => {
    const [one, two] = await startInstances("definite");
    const busy = new ProxyError("conversation_busy");
    await expect(
      one.sendOnce(async (_earlier, onAttempt) => {
        await onAttempt(attempt);
        throw busy;
      }),
    ).rejects.toBe(busy);
    const run = vi.fn(async () => "m1");
    expect(await two.sendOnce(run, "Bye")).toBe("m1");
    expect(run).toHaveBeenCalledWith(null, expect.any(Function));
  });

  it("tells the other one where to look after an unknown outcome, as often as it stays unknown", async () => {
    const [one, two] = await startInstances("unknown");
    await expect(one.sendOnce(failUnknown)).rejects.toThrow();
    await expect(two.sendOnce(async () => "m1", "Bye")).rejects.toMatchObject(reused);
    const unavailable = new ProxyError("platform_unavailable");
    await expect(two.sendOnce(() => Promise.reject(unavailable))).rejects.toBe(unavailable);
    const run = vi.fn(async () => "m1");
    expect(await one.sendOnce(run)).toBe("m1");
    expect(run).toHaveBeenCalledWith(attempt, expect.any(Function));
    expect(await two.sendOnce(async () => "m2")).toBe("m1");
  });
});

describe("while Redis is away", () => {
  it("nothing is begun", async () => {
    const own = await startRedis();
    const { redis, sendOnce } = await startInstance("away", own.url);
    await own.kill();
    await expect.poll(() => redis.isUp()).toBe(false);
    const run = vi.fn(async () => "m1");
    await expect(sendOnce(run)).rejects.toMatchObject({
      code: "service_unavailable",
      status: 503,
      retryAfter: 5,
    });
    expect(run).not.toHaveBeenCalled();
  });

  it("nothing is sent that had begun before", async () => {
    const own = await startRedis();
    const { sendOnce } = await startInstance("went-away", own.url);
    const send = vi.fn();
    const sent = sendOnce(async (_earlier, onAttempt) => {
      await own.kill();
      await onAttempt(attempt);
      send();
      return "m1";
    });
    await expect(sent).rejects.toMatchObject({ code: "service_unavailable" });
    expect(send).not.toHaveBeenCalled();
  });

  it("what was sent is still answered", async () => {
    const own = await startRedis();
    const { sendOnce } = await startInstance("answered", own.url);
    const sent = sendOnce(async (_earlier, onAttempt) => {
      await onAttempt(attempt);
      await own.kill();
      return "m1";
    });
    expect(await sent).toBe("m1");
  });

  it("a claim that has run out meanwhile sends nothing when Redis is back", async () => {
    const [one, two] = await startInstances("taken-over");
    const send = vi.fn();
    const slow = one.sendOnce(async (_earlier, onAttempt) => {
      // As if this instance had been frozen for longer than its lease.
      await one.redis.commands.hset(one.redis.key("send:a_ada:taken-over"), "lease", 0);
      expect(await two.sendOnce(async () => "m2")).toBe("m2");
      await onAttempt(attempt);
      send();
      return "m1";
    });
    await expect(slow).rejects.toMatchObject({ code: "service_unavailable" });
    expect(send).not.toHaveBeenCalled();
    expect(await one.sendOnce(async () => "m3")).toBe("m2");
  });
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

    const { redis } = await startInstance("");
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
    await expect.poll(() => same.messages(handle)).toHaveLength(2);
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
    const { redis } = await startInstance("");
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
    .poll(async () => (await call(`${url}/healthz`)).body)
    .toEqual({ status: "ok", redis: "up" });
}
