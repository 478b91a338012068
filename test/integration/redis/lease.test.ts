import { beforeAll, describe, expect, it } from "vitest";
import type { RedisConnection } from "../../../proxy/redis/connection.ts";
import {
  createConversationKeys,
  type ConversationKeys,
} from "../../../proxy/redis/conversation-keys.ts";
import {
  findHolder,
  instanceOf,
  LEASE_MS,
  leaseConversation,
  releaseConversation,
  type Lease,
  type LeaseRequest,
} from "../../../proxy/redis/lease.ts";
import { appendEvent, readEvents } from "../../../proxy/redis/log.ts";
import { connectTo, untilDown, untilUp } from "../../support/redis-connection.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";

const RETENTION_MS = 600_000;
let server: TestRedis;
let redis: RedisConnection;
let count = 0;

beforeAll(async () => {
  server = await startRedis({ isDurable: true });
  redis = await connectTo(server);
});

/** The lease calls of two instances for a conversation of their own. */
function openConversation() {
  const keys = createConversationKeys(redis, "lex", `lease-${(count += 1)}`);
  const ask = (instance: string, request: Partial<LeaseRequest> = {}): Promise<Lease> =>
    leaseConversation(redis, keys, {
      instance,
      token: null,
      wants: true,
      hasViewers: false,
      retentionMs: RETENTION_MS,
      ...request,
    });
  return { keys, ask };
}

const fenceOf = ({ token }: Lease): number => Number(token?.split(":")[1]);

async function append(keys: ConversationKeys, token: string | null) {
  return appendEvent(
    redis,
    keys,
    { event: "conversation:state", data: { state: "thinking" } },
    { token: token ?? "", retentionMs: RETENTION_MS },
  );
}

describe("a lease", () => {
  it("is taken by one of all who want it, and known to the others", async () => {
    const { keys, ask } = openConversation();
    const [a, b] = await Promise.all([ask("a"), ask("b")]);
    expect(a).toMatchObject({ isNew: true, holder: a.token });
    expect(b).toMatchObject({ isNew: false, token: null, holder: a.token });
    expect(await findHolder(redis, keys)).toBe(a.token);
    expect(instanceOf(a.token ?? "")).toBe("a");
  });

  it("stays free while nobody wants it", async () => {
    const { ask } = openConversation();
    expect(await ask("a", { wants: false })).toMatchObject({ holder: null, token: null });
  });

  it("is renewed for ten seconds by its own token, wanted or not", async () => {
    const { keys, ask } = openConversation();
    const { token } = await ask("a");
    await redis.commands.pexpire(keys.lease, 50);
    expect(await ask("a", { token, wants: false })).toMatchObject({ token, isNew: false });
    const left = await redis.commands.pttl(keys.lease);
    expect(left).toBeGreaterThan(LEASE_MS - 2000);
    expect(left).toBeLessThanOrEqual(LEASE_MS);
  });

  it("is not renewed by another instance that knows its token", async () => {
    const { keys, ask } = openConversation();
    const { token } = await ask("a");
    await ask("b", { token: "b:1" });
    expect(await findHolder(redis, keys)).toBe(token);
  });

  it("gets a higher fence each time, also when the same instance takes it again", async () => {
    const { keys, ask } = openConversation();
    const first = await ask("a");
    const second = await ask("a");
    await redis.commands.del(keys.lease);
    const third = await ask("b");
    expect(second.isNew).toBe(true);
    expect(fenceOf(second)).toBeGreaterThan(fenceOf(first));
    expect(fenceOf(third)).toBeGreaterThan(fenceOf(second));
  });

  it("is free for the next one, who hears of it, once its token gives it up", async () => {
    const { keys, ask } = openConversation();
    const { token } = await ask("a");
    const heard: string[] = [];
    await redis.subscribe(keys.channel, (message) => heard.push(message));
    await releaseConversation(redis, keys, { instance: "a", token: "a:0" });
    await releaseConversation(redis, keys, { instance: "b", token: null });
    expect(await findHolder(redis, keys)).toBe(token);
    await releaseConversation(redis, keys, { instance: "a", token });
    await expect.poll(() => heard).toEqual(["free"]);
    expect(await ask("b")).toMatchObject({ isNew: true });
  });

  it("goes with a log, whose newest place is told, and which is kept with it", async () => {
    const { keys, ask } = openConversation();
    const { token, position } = await ask("a");
    expect(position).toEqual({ epoch: expect.stringMatching(/^[0-9a-f]{12}$/), n: 0 });
    await append(keys, token);
    await redis.commands.hset(keys.cuts, "m1", 3);
    for (const key of [keys.log, keys.meta, keys.cuts]) await redis.commands.pexpire(key, 5000);
    expect((await ask("b")).position).toEqual({ epoch: position?.epoch, n: 1 });
    for (const key of [keys.log, keys.meta, keys.cuts])
      expect(await redis.commands.pttl(key)).toBeGreaterThan(RETENTION_MS - 5000);
  });

  it("is taken anew by its holder when Redis has dropped the log", async () => {
    const { keys, ask } = openConversation();
    const { token, position } = await ask("a");
    await append(keys, token);
    await redis.commands.del(keys.meta);
    expect(await append(keys, token)).toBeNull();
    const again = await ask("a", { token });
    expect(again.isNew).toBe(true);
    expect(again.position).toMatchObject({ n: 0 });
    expect(again.position?.epoch).not.toBe(position?.epoch);
    expect(await append(keys, again.token)).toMatchObject({ n: 1 });
  });
});

describe("watchers", () => {
  it("are the other instances that have viewers", async () => {
    const { ask } = openConversation();
    await ask("a", { hasViewers: true });
    expect((await ask("b", { hasViewers: true })).watchers).toBe(1);
    expect((await ask("c")).watchers).toBe(2);
    expect((await ask("a", { hasViewers: false })).watchers).toBe(1);
  });

  it("are forgotten when they leave, and when they have not said so for long", async () => {
    const { keys, ask } = openConversation();
    await ask("a", { hasViewers: true });
    await ask("b", { hasViewers: true });
    await releaseConversation(redis, keys, { instance: "a", token: null });
    expect((await ask("c")).watchers).toBe(1);
    await redis.commands.zadd(keys.watchers, Date.now() - LEASE_MS - 1, "b");
    expect((await ask("c")).watchers).toBe(0);
  });
});

it("begins a new log after a restart of Redis, which may have lost the newest events", async () => {
  const { keys, ask } = openConversation();
  const before = await ask("a");
  await append(keys, before.token);
  await server.kill();
  await untilDown(redis);
  await server.start();
  await untilUp(redis);
  expect(await findHolder(redis, keys)).toBe(before.token);
  const after = await ask("a");
  expect(after.isNew).toBe(true);
  expect(after.position).toMatchObject({ n: 0 });
  expect(after.position?.epoch).not.toBe(before.position?.epoch);
  const nowhere = { epoch: "", n: 0 };
  expect((await readEvents(redis, keys, nowhere)).events).toEqual([]);
});
