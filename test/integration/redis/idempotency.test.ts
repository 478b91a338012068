import { pino } from "pino";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { ProxyError } from "../../../proxy/errors.ts";
import type { RedisConnection } from "../../../proxy/redis/connection.ts";
import { createRedisIdempotency } from "../../../proxy/redis/idempotency.ts";
import { createIdempotency, type IdempotentSend } from "../../../proxy/relay/idempotency.ts";
import { connectTo, untilDown } from "../../support/redis-connection.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";

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
async function startInstance(key: string, at = server): Promise<Instance> {
  const redis = await connectTo(at);
  const store = createRedisIdempotency<string>(redis, pino({ level: "silent" }));
  const sendOnce = createIdempotency(store);
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
    const { redis, sendOnce } = await startInstance("away", own);
    await own.kill();
    await untilDown(redis);
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
    const { sendOnce } = await startInstance("went-away", own);
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
    const { sendOnce } = await startInstance("answered", own);
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
