import { beforeAll, describe, expect, it } from "vitest";
import type { ConversationEvent } from "../../../proxy/protocol.ts";
import type { RedisConnection } from "../../../proxy/redis/connection.ts";
import { createConversationKeys } from "../../../proxy/redis/conversation-keys.ts";
import { leaseConversation } from "../../../proxy/redis/lease.ts";
import { appendEvent, readCuts, readEvents, type LogRead } from "../../../proxy/redis/log.ts";
import { connectTo } from "../../support/redis-connection.ts";
import { startRedis } from "../../support/redis.ts";

const RETENTION_MS = 600_000;
let redis: RedisConnection;
let other: RedisConnection;
let count = 0;

beforeAll(async () => {
  const server = await startRedis();
  [redis, other] = await Promise.all([connectTo(server), connectTo(server)]);
});

const chunk = (text: string): ConversationEvent => ({
  event: "message:chunk",
  data: { messageId: "m1", offset: 0, text },
});

const stopped = (id: string, content: string): ConversationEvent => ({
  event: "message:complete",
  data: { message: { id, role: "assistant", content, created_at: "" }, stopped: true },
});

/** A conversation whose lease is `a`'s. */
async function openLog() {
  const keys = createConversationKeys(redis, "lex", `log-${(count += 1)}`);
  const { token, position } = await leaseConversation(redis, keys, {
    instance: "a",
    token: null,
    wants: true,
    hasViewers: false,
    retentionMs: RETENTION_MS,
  });
  const epoch = position?.epoch ?? "";
  const append = (event: ConversationEvent, by = token, connection = redis) =>
    appendEvent(connection, keys, event, { token: by ?? "", retentionMs: RETENTION_MS });
  const read = (n: number, from = epoch): Promise<LogRead> =>
    readEvents(redis, keys, { epoch: from, n });
  return { keys, epoch, append, read };
}

const numbers = ({ events }: LogRead): number[] => events.map(({ n }) => n);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe("appending", () => {
  it("numbers events, keeps them as they are, and tells their places", async () => {
    const { keys, epoch, append, read } = await openLog();
    const heard: string[] = [];
    await other.subscribe(keys.channel, (message) => heard.push(message));
    const events = [chunk("Grüße, 👋\n"), stopped("m1", "Grüße")];
    for (const [index, event] of events.entries())
      expect(await append(event)).toEqual({ epoch, n: index + 1 });
    expect(await read(0)).toEqual({
      epoch,
      last: 2,
      events: events.map((event, index) => ({ n: index + 1, event })),
    });
    await expect.poll(() => heard).toEqual([`${epoch}-1`, `${epoch}-2`]);
  });

  it.each(["b:1", "a:0", ""])("appends nothing for the token %j", async (token) => {
    const { append, read } = await openLog();
    expect(await append(chunk("late"), token)).toBeNull();
    expect(await read(0)).toMatchObject({ last: 0, events: [] });
  });

  it("appends nothing when the lease has ended", async () => {
    const { keys, append, read } = await openLog();
    await redis.commands.del(keys.lease);
    expect(await append(chunk("late"))).toBeNull();
    expect((await read(0)).last).toBe(0);
  });

  it("leaves no gap and no double when two connections append at once", async () => {
    const { append, read } = await openLog();
    const places = await Promise.all(
      upTo(200).map((number) => append(chunk(`t${number}`), undefined, number % 2 ? redis : other)),
    );
    const given = places.map((place) => place?.n ?? 0).toSorted((a, b) => a - b);
    expect(given).toEqual(upTo(200));
    expect(numbers(await read(0))).toEqual(upTo(200));
  });

  it("keeps log, cuts and numbers for as long as it is told", async () => {
    const { keys, append } = await openLog();
    await append(stopped("m1", "kept"));
    for (const key of [keys.log, keys.meta, keys.cuts]) {
      const left = await redis.commands.pttl(key);
      expect(left).toBeGreaterThan(RETENTION_MS - 5000);
      expect(left).toBeLessThanOrEqual(RETENTION_MS);
    }
  });

  it("keeps where answers were stopped, though their events are gone", async () => {
    const { keys, append } = await openLog();
    await append(stopped("m1", "Our cof"));
    await append(stopped("m2", ""));
    await redis.commands.del(keys.log);
    const cuts = [
      ["m1", 7],
      ["m2", 0],
    ];
    expect([...(await readCuts(redis, keys))]).toEqual(cuts);
  });
});

describe("the caps", () => {
  it("keep the newest 2000 events", async () => {
    const { keys, append, read } = await openLog();
    await Promise.all(upTo(2003).map(() => append(chunk("t"))));
    expect(await redis.commands.xlen(keys.log)).toBe(2000);
    expect(numbers(await read(0))[0]).toBe(4);
  });

  it("keep a mebibyte, in bytes, and the newest event however long it is", async () => {
    const { keys, append, read } = await openLog();
    const third = "ü".repeat(180_000);
    for (const text of [third, third, third]) await append(chunk(text));
    expect(numbers(await read(0))).toEqual([2, 3]);
    await append(chunk("x".repeat(2 * 1024 * 1024)));
    expect(numbers(await read(0))).toEqual([4]);
    await append(chunk("t"));
    expect(numbers(await read(0))).toEqual([5]);
    const kept = JSON.stringify(chunk("t").data).length;
    expect(await redis.commands.hget(keys.meta, "bytes")).toBe(String(kept));
  });
});

describe("reading", () => {
  it("gives what came after a place of the same epoch", async () => {
    const { append, read } = await openLog();
    for (const text of ["one", "two", "three"]) await append(chunk(text));
    expect(numbers(await read(1))).toEqual([2, 3]);
    expect(numbers(await read(3))).toEqual([]);
  });

  it("gives everything to a place of another epoch", async () => {
    const { append, read } = await openLog();
    for (const text of ["one", "two"]) await append(chunk(text));
    expect(numbers(await read(7, "0123456789ab"))).toEqual([1, 2]);
  });

  it("gives at most 500 at once, and tells how many there are", async () => {
    const { append, read } = await openLog();
    await Promise.all(upTo(510).map(() => append(chunk("t"))));
    const first = await read(0);
    expect([numbers(first).length, first.last]).toEqual([500, 510]);
    expect(numbers(await read(500))).toEqual(upTo(510).slice(500));
  });

  it("says that there is no log where nobody ever spoke", async () => {
    const keys = createConversationKeys(redis, "lex", "never");
    const read = await readEvents(redis, keys, { epoch: "", n: 0 });
    expect(read).toEqual({ epoch: null, last: 0, events: [] });
  });
});
