import { pino } from "pino";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Page, Platform, StreamHandlers } from "../../../proxy/platforms/platform.ts";
import type { ConversationEvent, Message } from "../../../proxy/protocol.ts";
import type { RedisConnection } from "../../../proxy/redis/connection.ts";
import { createConversationKeys } from "../../../proxy/redis/conversation-keys.ts";
import { FleetConversation } from "../../../proxy/redis/fleet-conversation.ts";
import { leaseConversation } from "../../../proxy/redis/lease.ts";
import { appendEvent, readEvents } from "../../../proxy/redis/log.ts";
import { EMPTY_FOLD, foldEvent } from "../../../proxy/relay/fold.ts";
import type { Viewer } from "../../../proxy/relay/viewer.ts";
import { connectTo } from "../../support/redis-connection.ts";
import { startRedis } from "../../support/redis.ts";

const RETENTION_MS = 600_000;
const QUESTION: Message = { id: "u1", role: "user", content: "Hi?", created_at: "" };
let redis: RedisConnection;
let count = 0;

beforeAll(async () => (redis = await connectTo(await startRedis())));

/** A platform whose stream a test writes, and whose history is read when the test lets it. */
function createPlatform() {
  let handlers: StreamHandlers | null = null;
  let streams = 0;
  let reading: Promise<void> | null = null;
  let reads = 0;
  const platform: Platform = {
    name: "lex",
    newConversationId: async () => "c1",
    opensConversations: false,
    send: async () => ({ messageId: null, conversationId: null }),
    async stream(_id, given, signal) {
      handlers = given;
      streams += 1;
      given.onOpen();
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      streams -= 1;
    },
    async messages(): Promise<Page> {
      reads += 1;
      await reading;
      return { messages: [QUESTION], hasMore: false };
    },
    state: async () => "idle",
    recent: async () => [],
    overview: async () => ({ title: null, lastMessage: null, state: "idle" }),
  };
  const hold = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    reading = promise;
    return resolve;
  };
  return { platform, hold, stream: () => handlers, streams: () => streams, reads: () => reads };
}

/** A viewer that keeps the connection, and nothing else. */
const viewer = (): Viewer => ({
  send: () => undefined,
  end: () => undefined,
  isClosed: () => false,
  onClose: () => undefined,
});

function open() {
  const id = `conversation-${(count += 1)}`;
  const keys = createConversationKeys(redis, "lex", id);
  const source = createPlatform();
  const join = (instance: string): FleetConversation =>
    new FleetConversation({
      id,
      instance,
      redis,
      isNew: false,
      platform: source.platform,
      padding: false,
      coalesceMs: 0,
      toolDetails: false,
      retentionMs: RETENTION_MS,
      logger: pino({ level: "silent" }),
    });
  /** What an instance has left behind that is dead by now. */
  const leave = async (...events: ConversationEvent[]): Promise<void> => {
    const request = { wants: true, hasViewers: false, retentionMs: RETENTION_MS };
    const { token } = await leaseConversation(redis, keys, {
      ...request,
      instance: "dead",
      token: null,
    });
    for (const event of events)
      await appendEvent(redis, keys, event, { token: token ?? "", retentionMs: RETENTION_MS });
    await redis.commands.del(keys.lease);
  };
  const log = async (): Promise<ConversationEvent[]> =>
    (await readEvents(redis, keys, { epoch: "", n: 0 })).events.map(({ event }) => event);
  const names = async (): Promise<string[]> => (await log()).map(({ event }) => event);
  return { ...source, keys, join, leave, log, names };
}

const ADDED: ConversationEvent = { event: "message:new", data: { message: QUESTION } };

describe("a take-over", () => {
  it("begins with a snapshot that is as new as its place in the log", async () => {
    const { join, leave, hold, stream, reads, log } = open();
    await leave(ADDED);
    const place = join("a");
    place.audience.expect(viewer());
    const release = hold();
    const conversation = await place.acquire();
    conversation?.subscribe();
    await vi.waitFor(() => expect(reads()).toBeGreaterThan(0));
    await vi.waitFor(() => expect(stream()).not.toBeNull());
    stream()?.onEvent({ type: "chunk", messageId: "m1", text: "Our " });
    release();
    await vi.waitFor(async () => {
      const events = await log();
      expect(events.map(({ event }) => event)).toContain("conversation:init");
      expect(events.reduce(foldEvent, EMPTY_FOLD).partial).toEqual({
        messageId: "m1",
        text: "Our ",
      });
    });
    await place.leave();
  });

  it("of a conversation in which nothing happens opens no stream", async () => {
    const { join, leave, streams, names } = open();
    await leave(ADDED);
    const place = join("a");
    place.audience.expect(viewer());
    await place.acquire();
    await vi.waitFor(async () =>
      expect(await names()).toEqual(["message:new", "conversation:init"]),
    );
    expect(streams()).toBe(0);
    await place.leave();
  });

  it("tries again when the history can't be read", async () => {
    const { platform, join, leave, names } = open();
    await leave(ADDED);
    const { messages } = platform;
    platform.messages = () => Promise.reject(new Error("the platform is away"));
    const place = join("a");
    place.audience.expect(viewer());
    await place.acquire();
    platform.messages = messages;
    await vi.waitFor(async () => expect(await names()).toContain("conversation:init"), {
      timeout: 5000,
    });
    await place.leave();
  });

  it("tells viewers what came between the death of one instance and the turn of the next", async () => {
    const { keys, join, names } = open();
    const [a, b] = [join("a"), join("b")];
    await a.acquire();
    expect(await b.acquire()).toBeNull();
    await b.audience.admit(viewer(), null);
    await redis.commands.del(keys.lease);
    expect(await b.acquire()).not.toBeNull();
    await vi.waitFor(async () => expect(await names()).toEqual(["conversation:init"]));
    await Promise.all([a.leave(), b.leave()]);
  });

  it("passes on once what the last one did not hear", async () => {
    const { keys, join, reads } = open();
    const place = join("a");
    const conversation = await place.acquire();
    await conversation?.snapshot();
    await redis.commands.set(keys.nudge, "1");
    const before = reads();
    await place.renew();
    await vi.waitFor(() => expect(reads()).toBe(before + 1));
    expect(await redis.commands.exists(keys.nudge)).toBe(0);
    await place.leave();
  });

  it("of a conversation that nobody knew is none", async () => {
    const { join, names, reads } = open();
    const place = join("a");
    place.audience.expect(viewer());
    expect(await place.acquire()).not.toBeNull();
    expect(await names()).toEqual([]);
    expect(reads()).toBe(0);
    await place.leave();
  });
});

describe("an instance that leaves", () => {
  it("gives back the lease that it was being given", async () => {
    const { keys, join, streams } = open();
    const place = join("a");
    place.audience.expect(viewer());
    const renewed = place.renew();
    await place.leave();
    await renewed;
    expect(await redis.commands.get(keys.lease)).toBeNull();
    expect(place.held).toBeNull();
    expect(streams()).toBe(0);
  });

  it("hears of nothing any more, and takes nothing", async () => {
    const { keys, join } = open();
    const place = join("a");
    await place.acquire();
    await place.leave();
    expect(await redis.commands.pubsub("NUMSUB", keys.channel)).toEqual([keys.channel, 0]);
    expect(await place.acquire()).toBeNull();
    expect(await redis.commands.get(keys.lease)).toBeNull();
  });

  it("leaves it to another one that has viewers, at once", async () => {
    const { join } = open();
    const [a, b] = [join("a"), join("b")];
    await a.acquire();
    b.audience.expect(viewer());
    expect(await b.acquire()).toBeNull();
    await a.leave();
    await vi.waitFor(() => expect(b.held).not.toBeNull());
    await b.leave();
  });
});

describe("an instance whose lease another one has taken", () => {
  it("tells nothing more, and closes its stream", async () => {
    const { keys, join, stream, streams, names } = open();
    const place = join("a");
    const conversation = await place.acquire();
    await conversation?.prepare();
    await redis.commands.set(keys.lease, "b:9999");
    stream()?.onEvent({ type: "chunk", messageId: "m1", text: "Our " });
    await vi.waitFor(() => expect(place.held).toBeNull());
    await vi.waitFor(() => expect(streams()).toBe(0));
    expect(await names()).toEqual([]);
    expect(conversation?.mayAct).toBe(false);
    await place.leave();
    expect(await redis.commands.get(keys.lease)).toBe("b:9999");
  });

  it("may not act after its time, though nobody has told it", async () => {
    const { join } = open();
    const place = join("a");
    const conversation = await place.acquire();
    const later = performance.now() + 10_001;
    vi.spyOn(performance, "now").mockReturnValue(later);
    expect([place.held, conversation?.mayAct]).toEqual([null, false]);
    vi.restoreAllMocks();
    await place.leave();
  });
});
