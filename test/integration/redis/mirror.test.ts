import { beforeAll, describe, expect, it, vi } from "vitest";
import type { ConversationEvent } from "../../../proxy/protocol.ts";
import type { RedisConnection } from "../../../proxy/redis/connection.ts";
import { createConversationKeys } from "../../../proxy/redis/conversation-keys.ts";
import { leaseConversation } from "../../../proxy/redis/lease.ts";
import { appendEvent, type LogPosition } from "../../../proxy/redis/log.ts";
import { createMirror, type Mirror } from "../../../proxy/redis/mirror.ts";
import { connectTo } from "../../support/redis-connection.ts";
import { startRedis } from "../../support/redis.ts";

const RETENTION_MS = 600_000;
let redis: RedisConnection;
let count = 0;

beforeAll(async () => (redis = await connectTo(await startRedis())));

const chunk = (offset: number, text: string): ConversationEvent => ({
  event: "message:chunk",
  data: { messageId: "m1", offset, text },
});

const snapshot: ConversationEvent = {
  event: "conversation:init",
  data: { state: "thinking", status: "active", messages: [], partial: null, hasMore: false },
};

/** A log with one writer, and a mirror of it. */
async function open() {
  const keys = createConversationKeys(redis, "lex", `mirror-${(count += 1)}`);
  const lease = async (): Promise<string> => {
    const { token } = await leaseConversation(redis, keys, {
      instance: "a",
      token: null,
      wants: true,
      hasViewers: false,
      retentionMs: RETENTION_MS,
    });
    return token ?? "";
  };
  let token = await lease();
  const append = async (event: ConversationEvent): Promise<LogPosition> =>
    (await appendEvent(redis, keys, event, { token, retentionMs: RETENTION_MS })) ?? {
      epoch: "refused",
      n: 0,
    };
  /** Redis loses everything, and the writer begins anew. */
  const beginAnew = async (): Promise<void> => {
    await redis.commands.del(keys.meta, keys.log, keys.lease);
    token = await lease();
  };
  const shown: string[] = [];
  const mirror: Mirror = createMirror({
    redis,
    keys,
    padding: false,
    onEvent: ({ id }) => shown.push(id.split("-")[1] ?? ""),
    onGap: () => shown.push("gap"),
  });
  return { keys, append, beginAnew, mirror, shown };
}

const partialOf = (mirror: Mirror): string | undefined => mirror.folded().partial?.text;

describe("a mirror", () => {
  it("is not ready before it has been read once, and shows what is there then", async () => {
    const { append, mirror, shown } = await open();
    await append(chunk(0, "Our "));
    const { epoch } = await append(chunk(4, "coffee"));
    expect([mirror.isReady(), mirror.isEmpty()]).toEqual([false, true]);
    await mirror.pull();
    expect([mirror.isReady(), mirror.isEmpty()]).toEqual([true, false]);
    expect(mirror.lastId()).toBe(`${epoch}-2`);
    expect(mirror.since(`${epoch}-1`)).toHaveLength(1);
    expect(partialOf(mirror)).toBe("Our coffee");
    expect(shown).toEqual(["1", "2"]);
  });

  it("forgets what was there twice, and goes on from the log", async () => {
    const { append, mirror, shown } = await open();
    await append(chunk(0, "Our "));
    await mirror.pull();
    mirror.expire();
    const { epoch } = await append(chunk(4, "coffee"));
    await mirror.pull();
    mirror.expire();
    expect(mirror.since(`${epoch}-0`)).toBe("gone");
    expect(mirror.since(`${epoch}-1`)).toHaveLength(1);
    expect(partialOf(mirror)).toBe("Our coffee");
    expect(shown).toEqual(["1", "2"]);
  });

  it("is ready and empty where nothing was said yet", async () => {
    const { mirror, shown } = await open();
    await mirror.pull();
    expect([mirror.isReady(), mirror.isEmpty()]).toEqual([true, true]);
    expect(shown).toEqual([]);
  });

  it("takes an event that is known here without reading it", async () => {
    const { append, mirror, shown } = await open();
    await mirror.pull();
    const event = chunk(0, "Our");
    const place = await append(event);
    const sent = vi.spyOn(redis.commands, "sendCommand");
    mirror.onAppended(place, event);
    mirror.onAppended(place);
    expect(sent).not.toHaveBeenCalled();
    sent.mockRestore();
    expect(shown).toEqual(["1"]);
  });

  it("shows each event once and in order, however it hears of them", async () => {
    const { append, mirror, shown } = await open();
    await mirror.pull();
    const events = [chunk(0, "a"), chunk(1, "b"), chunk(2, "c"), chunk(3, "d")];
    const places: LogPosition[] = [];
    for (const event of events) places.push(await append(event));
    const [first, , third, fourth] = places;
    // The fourth one first, the third one twice, the second one never.
    for (const place of [fourth, third, first, third]) if (place) mirror.onAppended(place);
    if (third) mirror.onAppended(third, events[2]);
    await expect.poll(() => shown).toEqual(["1", "2", "3", "4"]);
    expect(partialOf(mirror)).toBe("abcd");
  });

  it("reads a log that is longer than one answer of Redis to its end", async () => {
    const { append, mirror, shown } = await open();
    await Promise.all(Array.from({ length: 1203 }, (_, index) => append(chunk(index, "x"))));
    await mirror.pull();
    expect(shown).toHaveLength(1203);
    expect(partialOf(mirror)).toBe("x".repeat(1203));
  });

  it("reads once for all that ask in the same moment, and once more for what came meanwhile", async () => {
    const { append, mirror, shown } = await open();
    await append(chunk(0, "a"));
    const sent = vi.spyOn(redis.commands, "sendCommand");
    await Promise.all(Array.from({ length: 20 }, () => mirror.pull()));
    expect(sent.mock.calls.length).toBeLessThanOrEqual(3);
    sent.mockRestore();
    expect(shown).toEqual(["1"]);
  });

  it("asks nothing to reach a place where it is", async () => {
    const { append, mirror, shown } = await open();
    await mirror.pull();
    const place = await append(chunk(0, "a"));
    await mirror.reach(place);
    expect(shown).toEqual(["1"]);
    const sent = vi.spyOn(redis.commands, "sendCommand");
    await mirror.reach(place);
    await mirror.reach(null);
    expect(sent).not.toHaveBeenCalled();
    sent.mockRestore();
  });
});

describe("a gap", () => {
  it("is told before what comes after it, and forgets the answer whose middle is missing", async () => {
    const { keys, append, mirror, shown } = await open();
    const { epoch } = await append(chunk(0, "a"));
    await mirror.pull();
    for (const offset of [1, 2, 3]) await append(chunk(offset, "x"));
    await redis.commands.xdel(keys.log, "2-0");
    await mirror.pull();
    expect(shown).toEqual(["1", "gap", "3", "4"]);
    expect(mirror.since(`${epoch}-1`)).toBe("gone");
    expect(partialOf(mirror)).toBeUndefined();
  });

  it("is no gap to a mirror that comes later", async () => {
    const { keys, append, mirror, shown } = await open();
    for (const offset of [0, 1]) await append(chunk(offset, "x"));
    await redis.commands.xdel(keys.log, "1-0");
    await mirror.pull();
    expect(shown).toEqual(["2"]);
  });

  it("is another log, unless that begins with a snapshot", async () => {
    const { append, beginAnew, mirror, shown } = await open();
    const { epoch } = await append(chunk(0, "a"));
    await mirror.pull();
    await beginAnew();
    await append(chunk(0, "b"));
    await mirror.pull();
    expect(shown).toEqual(["1", "gap", "1"]);
    expect(mirror.since(`${epoch}-0`)).toBe("gone");
    await beginAnew();
    mirror.onAppended(await append(snapshot));
    await expect.poll(() => shown).toEqual(["1", "gap", "1", "1"]);
    expect(mirror.folded().state).toBe("thinking");
  });

  it("leaves the cuts, which the platform does not know", async () => {
    const { append, beginAnew, mirror } = await open();
    const message = { id: "m1", role: "assistant" as const, content: "Our", created_at: "" };
    await append({ event: "message:complete", data: { message, stopped: true } });
    await mirror.pull();
    await beginAnew();
    await mirror.pull();
    expect([...mirror.folded().cuts]).toEqual([["m1", 3]]);
    expect(mirror.folded().stopped).toBeNull();
  });
});
