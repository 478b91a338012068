import { pino } from "pino";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { ProxyError } from "../../../proxy/errors.ts";
import { PlatformError } from "../../../proxy/platforms/platform.ts";
import { createCalls, type Call, type CallsOptions } from "../../../proxy/redis/calls.ts";
import type { RedisConnection } from "../../../proxy/redis/connection.ts";
import { currentRequestId, withRequestId } from "../../../proxy/request-id.ts";
import { connectTo, untilDown } from "../../support/redis-connection.ts";
import { closeLater } from "../../support/close-later.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";

const CHECK_MS = 20;
const CALL: Call = { method: "send", conversationId: "c1", params: { content: "Hi" } };
const WORDS = "what a visitor wrote";
const alive = async (): Promise<boolean> => true;
const dead = async (): Promise<boolean> => false;
let server: TestRedis;
let redis: RedisConnection;
let count = 0;

beforeAll(async () => {
  server = await startRedis();
  redis = await connectTo(server);
});

const isHeardOf = async (name: string, connection = redis): Promise<void> => {
  const channel = connection.channel(`instance:${name}`);
  await vi.waitFor(async () =>
    expect(await connection.commands.pubsub("NUMSUB", channel)).toEqual([channel, 1]),
  );
};

/** One instance, which others can call. */
async function start(handle: CallsOptions["handle"] = alive, options: Partial<CallsOptions> = {}) {
  const instance = `i${(count += 1)}`;
  const log: Array<Record<string, unknown>> = [];
  const write = (line: string): void => void log.push(JSON.parse(line) as Record<string, unknown>);
  const calls = createCalls({
    redis,
    instance,
    handle,
    logger: pino({ base: null }, { write }),
    checkMs: CHECK_MS,
    ...options,
  });
  closeLater(calls.close);
  await isHeardOf(instance, options.redis);
  return { ...calls, instance, log };
}

describe("a call", () => {
  it("is carried out by the instance it is for, and answered", async () => {
    const handle = vi.fn<CallsOptions["handle"]>(async () => ({ messageId: "m1" }));
    const [caller, callee, bystander] = await Promise.all([start(), start(handle), start(handle)]);
    expect(await caller.call(callee.instance, CALL, alive)).toEqual({ messageId: "m1" });
    expect(handle.mock.calls).toEqual([[expect.objectContaining(CALL)]]);
    expect(bystander.log).toEqual([]);
  });

  it("belongs to the request that it was made for", async () => {
    const [caller, callee] = await Promise.all([start(), start(async () => currentRequestId())]);
    const call = () => caller.call(callee.instance, CALL, alive);
    expect(await withRequestId(call, "request-of-a-page")).toBe("request-of-a-page");
  });

  it.each<[string, Error, Partial<ProxyError>]>([
    [
      "a refusal",
      new ProxyError("conversation_busy", { retryAfter: 5, detail: "Wait.", field: "content" }),
      { code: "conversation_busy", retryAfter: 5, detail: "Wait.", field: "content" },
    ],
    [
      "a failure of the platform",
      new PlatformError("unknown", "no answer"),
      { code: "send_outcome_unknown" },
    ],
    [
      "anything else",
      Object.assign(new TypeError(`a bug with ${WORDS}`), { command: { args: [WORDS] } }),
      { code: "internal_error" },
    ],
  ])("carries %s over to the caller", async (_what, thrown, told) => {
    const fail = async (): Promise<never> => {
      throw thrown;
    };
    const [caller, callee] = await Promise.all([start(), start(fail)]);
    const failure: unknown = await caller.call(callee.instance, CALL, alive).catch((e) => e);
    expect(failure).toBeInstanceOf(ProxyError);
    expect(failure).toMatchObject(told);
    const isLogged = callee.log.some(({ msg }) => msg === "a call of another instance failed");
    expect(isLogged).toBe(told.code === "internal_error");
    expect(JSON.stringify(callee.log)).not.toContain(WORDS);
  });

  it("is undelivered where nobody listens", async () => {
    const caller = await start();
    await expect(caller.call("nobody", CALL, alive)).rejects.toMatchObject({
      reason: "undelivered",
    });
    expect(await redis.commands.keys(redis.key("call:*"))).toEqual([]);
  });

  it("is lost when the instance that has begun it dies", async () => {
    const begun = Promise.withResolvers<void>();
    const hang = (): Promise<never> => {
      begun.resolve();
      return new Promise(() => undefined);
    };
    const [caller, callee] = await Promise.all([start(), start(hang)]);
    let isAlive = true;
    const asked = caller.call(callee.instance, CALL, async () => isAlive);
    await begun.promise;
    isAlive = false;
    await expect(asked).rejects.toMatchObject({ reason: "lost" });
  });

  it("is lost when whether the other one lives can't be asked either", async () => {
    const own = await connectTo(server);
    const hang = (): Promise<never> => new Promise(() => undefined);
    const [caller, callee] = await Promise.all([start(alive, { redis: own }), start(hang)]);
    const asked = caller.call(callee.instance, CALL, () => Promise.reject(new Error("away")));
    const lost = expect(asked).rejects.toMatchObject({ reason: "lost" });
    own.commands.disconnect(true);
    await lost;
  });

  it("is undelivered while Redis is away", async () => {
    const away = await startRedis();
    const own = await connectTo(away);
    const caller = await start(alive, { redis: own });
    await away.kill();
    await untilDown(own);
    await expect(caller.call("nobody", CALL, alive)).rejects.toMatchObject({
      reason: "undelivered",
    });
  });
});

describe("an instance that was frozen", () => {
  /** It gets its messages when the test lets it go on. */
  async function freeze(handle: CallsOptions["handle"]) {
    const messages: string[] = [];
    let isFrozen = true;
    let listen: (message: string) => void = () => undefined;
    const subscribe: RedisConnection["subscribe"] = (channel, listener) =>
      redis.subscribe(channel, (message) => {
        if (isFrozen) messages.push(message);
        else listener(message);
        listen = listener;
      });
    const callee = await start(handle, { redis: { ...redis, subscribe } });
    const thaw = async (): Promise<void> => {
      await vi.waitFor(() => expect(messages).toHaveLength(1));
      isFrozen = false;
      for (const message of messages) listen(message);
    };
    return { ...callee, thaw };
  }

  it("never does late what its caller has given up, which was not done then", async () => {
    const handle = vi.fn<CallsOptions["handle"]>(alive);
    const [caller, callee] = await Promise.all([start(), freeze(handle)]);
    const asked = caller.call(callee.instance, CALL, dead);
    await expect(asked).rejects.toMatchObject({ reason: "undelivered" });
    await callee.thaw();
    // It is through with that call when it has answered the next one.
    await caller.call(callee.instance, { ...CALL, method: "stop" }, alive);
    expect(handle.mock.calls.map(([{ method }]) => method)).toEqual(["stop"]);
  });

  it("tells a caller that still waits that it is too late", async () => {
    const handle = vi.fn<CallsOptions["handle"]>(alive);
    const [caller, callee] = await Promise.all([start(alive, { claimMs: 10 }), freeze(handle)]);
    const asked = caller.call(callee.instance, CALL, alive);
    const refused = expect(asked).rejects.toMatchObject({ reason: "undelivered" });
    await vi.waitFor(async () => expect(await redis.commands.keys("*call:*")).toEqual([]));
    await callee.thaw();
    await refused;
    expect(handle).not.toHaveBeenCalled();
  });

  it("does what it was asked for in time, whatever its clock says", async () => {
    const [caller, callee] = await Promise.all([start(), start(async () => "done")]);
    vi.spyOn(Date, "now").mockReturnValue(0);
    const asked = caller.call(callee.instance, CALL, alive);
    vi.spyOn(Date, "now").mockReturnValue(3_600_000);
    expect(await asked).toBe("done");
    vi.restoreAllMocks();
  });
});

it.each(["", "null", "[]", '{"type":"call"}', '{"type":"else","callId":"c"}', "{"])(
  "the message %j from another version does no harm",
  async (message) => {
    const [caller, callee] = await Promise.all([start(), start(async () => "done")]);
    await redis.commands.publish(redis.channel(`instance:${callee.instance}`), message);
    expect(await caller.call(callee.instance, CALL, alive)).toBe("done");
  },
);

it("fails all its calls when it is closed, and is not heard of any more", async () => {
  const hang = (): Promise<never> => new Promise(() => undefined);
  const [caller, callee] = await Promise.all([start(), start(hang)]);
  const asked = caller.call(callee.instance, CALL, alive);
  const lost = expect(asked).rejects.toMatchObject({ reason: "lost" });
  await vi.waitFor(() => expect(callee.log).toEqual([]));
  caller.close();
  callee.close();
  await lost;
  const channel = redis.channel(`instance:${callee.instance}`);
  await vi.waitFor(async () =>
    expect(await redis.commands.pubsub("NUMSUB", channel)).toEqual([channel, 0]),
  );
});
