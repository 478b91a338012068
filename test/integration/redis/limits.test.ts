import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../proxy/config.ts";
import { createLimits, type RequestLimits } from "../../../proxy/middleware/limits.ts";
import type { RedisConnection } from "../../../proxy/redis/connection.ts";
import { createRedisLimits } from "../../../proxy/redis/limits.ts";
import { startProxyProcess } from "../../support/proxy-process.ts";
import { call, createVisitor, startChat, startPlatform } from "../../support/proxy.ts";
import { connectTo, untilDown, untilUp } from "../../support/redis-connection.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";

const WAIT = { timeout: 15_000, interval: 20 };
const SETTINGS = { lexApiKey: "lex2_test", sessionSecret: "0123456789abcdef0123456789abcdef" };
const ada = { address: "192.0.2.1", visitorId: "a_ada" };
const bob = { address: "192.0.2.1", visitorId: "a_bob" };

type Instance = { redis: RedisConnection; limits: RequestLimits };

async function startInstance(
  server: TestRedis,
  limits: Record<string, number> = {},
): Promise<Instance> {
  const redis = await connectTo(server);
  const config = parseConfig({ ...SETTINGS, ...limits }, {});
  return { redis, limits: createLimits(config.limits, createRedisLimits(redis)) };
}

/** How many of these were allowed; the others were refused with `code`. */
async function countAllowed(tries: Array<Promise<unknown>>, code: string): Promise<number> {
  const results = await Promise.allSettled(tries);
  for (const result of results)
    if (result.status === "rejected") expect(result.reason).toMatchObject({ code });
  return results.filter(({ status }) => status === "fulfilled").length;
}

const isRefused = async (limits: RequestLimits, from: typeof ada): Promise<boolean> =>
  (await countAllowed([limits.stream(from).then((giveBack) => giveBack())], "too_many_streams")) ===
  0;

/** What another instance gives back is free as soon as Redis has heard of it. */
async function takeSoon(limits: RequestLimits): Promise<void> {
  const take = () => countAllowed([limits.stream(ada)], "too_many_streams");
  await expect.poll(take, WAIT).toBe(1);
}

describe("two instances", () => {
  it("count together, also when all come at once", async () => {
    const server = await startRedis();
    const both = await Promise.all([
      startInstance(server, { limitMessagesPerVisitor: 7 }),
      startInstance(server, { limitMessagesPerVisitor: 7 }),
    ]);
    const tries = Array.from({ length: 40 }, (_, index) => both[index % 2]?.limits.message(ada));
    expect(await countAllowed(tries.map(Promise.resolve, Promise), "too_many_requests")).toBe(7);
    await both[0].limits.message(bob);
  });

  it("know of each other's full conversations and guessed admin tokens", async () => {
    const server = await startRedis();
    const [one, two] = await Promise.all([
      startInstance(server, { limitMessagesPerConversation: 1 }),
      startInstance(server, { limitMessagesPerConversation: 1 }),
    ]);
    await one.limits.conversation("c1");
    await expect(two.limits.conversation("c1")).rejects.toMatchObject({
      code: "conversation_full",
      retryAfter: undefined,
    });
    for (let guess = 0; guess < 10; guess += 1) await one.limits.adminTry(ada.address);
    await expect(two.limits.admin(ada.address)).rejects.toMatchObject({ status: 429 });
  });

  it("tell how long to wait", async () => {
    const server = await startRedis();
    const limits = { limitSessionsPerAddress: 1 };
    const [one, two] = [await startInstance(server, limits), await startInstance(server, limits)];
    await one.limits.session(ada.address);
    const { retryAfter } = (await two.limits
      .session(ada.address)
      .catch((error: unknown) => error)) as { retryAfter: number };
    expect(retryAfter).toBeGreaterThan(50);
    expect(retryAfter).toBeLessThanOrEqual(60);
  });

  it("share the places for streams, also when all come at once, and give them back", async () => {
    const server = await startRedis();
    const both = await Promise.all([
      startInstance(server, { limitStreamsPerVisitor: 3 }),
      startInstance(server, { limitStreamsPerVisitor: 3 }),
    ]);
    const given: Array<() => void> = [];
    const take = async (instance: Instance): Promise<void> => {
      given.push(await instance.limits.stream(ada));
    };
    const tries = Array.from({ length: 20 }, (_, index) => take(both[index % 2] ?? both[0]));
    expect(await countAllowed(tries, "too_many_streams")).toBe(3);
    expect(await isRefused(both[0].limits, bob)).toBe(false);
    given[0]?.();
    given[0]?.();
    await takeSoon(both[1].limits);
    expect(await isRefused(both[0].limits, ada)).toBe(true);
  });
});

describe("while Redis is away", () => {
  it("each instance counts for itself", async () => {
    const server = await startRedis();
    const limits = { limitSessionsPerAddress: 1, limitStreamsPerVisitor: 1 };
    const both = await Promise.all([startInstance(server, limits), startInstance(server, limits)]);
    await server.kill();
    await Promise.all(both.map(({ redis }) => untilDown(redis)));
    for (const { limits: own } of both) {
      await own.session(ada.address);
      await expect(own.session(ada.address)).rejects.toMatchObject({ code: "too_many_requests" });
      await own.stream(ada);
      expect(await isRefused(own, ada)).toBe(true);
    }
  });

  it.each([
    ["with its data", { isDurable: true }],
    ["empty", {}],
  ])(
    "places taken and given back meanwhile are right when it is back %s",
    async (_name, options) => {
      const server = await startRedis(options);
      const limits = { limitStreamsPerVisitor: 3 };
      const [one, two] = await Promise.all([
        startInstance(server, limits),
        startInstance(server, limits),
      ]);
      const givenBackMeanwhile = await one.limits.stream(ada);
      await one.limits.stream(ada);
      await server.kill();
      await Promise.all([untilDown(one.redis), untilDown(two.redis)]);
      givenBackMeanwhile();
      await two.limits.stream(ada);
      await server.start();
      await Promise.all([untilUp(one.redis), untilUp(two.redis)]);

      expect(await isRefused(one.limits, ada)).toBe(false);
      await two.limits.stream(ada);
      expect(await isRefused(one.limits, ada)).toBe(true);
    },
  );
});

it("an instance that was taken for dead counts again when it moves", async () => {
  const server = await startRedis();
  const limits = { limitStreamsPerVisitor: 1 };
  const [one, two] = await Promise.all([
    startInstance(server, limits),
    startInstance(server, limits),
  ]);
  await one.limits.stream(ada);
  await two.redis.commands.del(two.redis.key("instances"));
  expect(await isRefused(two.limits, ada)).toBe(false);
  await expect.poll(() => isRefused(two.limits, ada), WAIT).toBe(true);
});

it("the places of a proxy that was killed are free again", async () => {
  const [server, platform] = await Promise.all([startRedis(), startPlatform()]);
  const environment = { REDIS_URL: server.url, LIMIT_STREAMS_PER_VISITOR: "1" };
  const killed = await startProxyProcess({ LEX_URL: platform.url, ...environment });
  const { limits, redis } = await startInstance(server, { limitStreamsPerVisitor: 1 });
  await expect
    .poll(async () => (await call(`${killed.url}/healthz`)).body, WAIT)
    .toMatchObject({ redis: "up" });
  const visitor = await createVisitor(killed.url);
  const { body } = await visitor.reply("Hello");
  const stream = await visitor.stream(body.conversationId);
  await stream.snapshot();
  const from = { address: "192.0.2.9", visitorId: visitor.visitorId };
  expect(await isRefused(limits, from)).toBe(true);
  await killed.end("SIGKILL");
  await expect.poll(() => isRefused(limits, from), WAIT).toBe(false);
  expect(redis.isUp()).toBe(true);
}, 60_000);

it("a proxy says whether Redis is there, and stays ready without it", async () => {
  const server = await startRedis();
  const ADMIN_TOKEN = "the-owner-of-this-proxy-knows-this-token";
  const proxy = await startChat({}, { REDIS_URL: server.url, ADMIN_TOKEN });
  const health = async () => (await call(`${proxy.url}/healthz`)).body;
  const metrics = async () =>
    (await call(`${proxy.url}/metrics`, { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } }))
      .text;
  await expect.poll(health, WAIT).toEqual({ status: "ok", redis: "up" });
  expect(await metrics()).toContain("lex_chat_redis_up 1");
  const visitor = await createVisitor(proxy.url);
  const { conversationId } = await visitor.ask("Hello");
  await server.kill();
  await expect.poll(health, WAIT).toEqual({ status: "ok", redis: "down" });
  expect(await metrics()).toContain("lex_chat_redis_up 0");
  expect((await call(`${proxy.url}/readyz`)).status).toBe(200);
  expect(await visitor.messages(conversationId)).toHaveLength(2);
  for (const headers of [{ "Idempotency-Key": "key-without-redis" }, {}]) {
    const refused = await visitor.reply("Hello", conversationId, headers);
    expect(refused).toMatchObject({
      status: 503,
      body: { code: "service_unavailable", retryable: true },
    });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  }
  await server.start();
  await expect.poll(health, WAIT).toEqual({ status: "ok", redis: "up" });
  expect((await visitor.reply("Hello", conversationId)).status).toBe(202);
});
