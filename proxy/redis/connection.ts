/** The two connections to Redis: one for commands, one that listens. */
import { Redis } from "ioredis";
import type { Logger } from "pino";
import { backoffDelay } from "../relay/backoff.ts";
import { createChannels, type ChannelListener } from "./channels.ts";
import { parseRedisUrl, type RedisAddress } from "./url.ts";

/** A Redis that says nothing for so long is away, also when its connection stands. */
const TIMEOUT_MS = 2000;
const PING_MS = 2000;
const MAX_LOADING_RETRY_MS = 500;
const BACKOFF = { baseMs: 50, maxMs: 2000 };
const PREFIX = "lex-chat";

export type RedisConnection = {
  /**
   * Fails at once while Redis is away and after 2 s when it does not answer; then it is unknown
   * whether the command was done. Never for blocking commands.
   */
  commands: Redis;
  /** `lex-chat:<name>`; installations that share a Redis use a database each. */
  key: (name: string) => string;
  /** `lex-chat:<database>:<name>`: unlike keys, channels are common to all databases. */
  channel: (name: string) => string;
  /** Both connections work, and all channels are subscribed. */
  isUp: () => boolean;
  /** Called at each change, not for the state at the time of the call. Returns what ends it. */
  onUp: (listener: () => void) => () => void;
  onDown: (listener: () => void) => () => void;
  /**
   * Resolves when Redis has confirmed it, with what ends it; rejects while Redis is away. `channel`
   * as `channel()` gives it. What was published between `onDown` and `onUp` is lost.
   */
  subscribe: (channel: string, listener: ChannelListener) => Promise<() => void>;
  /** Repeats `work` every `milliseconds` while Redis is up, until `close`; its failures are ignored. */
  every: (milliseconds: number, work: () => Promise<unknown>) => void;
  /** Waits for the answers under way. */
  close: () => Promise<void>;
};

/** Connects, and reconnects for ever. `url` as in `parseRedisUrl`; it is never logged. */
export function createRedis(url: string, logger: Logger): RedisConnection {
  const address = parseRedisUrl(url);
  const commands = new Redis(toOptions(address));
  const subscriber = new Redis(toOptions(address));
  const channels = createChannels(subscriber, update);
  const onUp = new Set<() => void>();
  const onDown = new Set<() => void>();
  const timers: NodeJS.Timeout[] = [];
  let isUp = false;
  let isClosing = false;
  let lastReason = "";

  function update(): void {
    const isUsable = commands.status === "ready" && channels.areRestored();
    if (isUsable === isUp) return;
    isUp = isUsable;
    if (isUp) logger.info("Redis is connected");
    else if (!isClosing) logger.warn("Redis is away");
    lastReason = "";
    for (const listener of isUp ? onUp : onDown) listener();
  }

  // Only the words: the error of a command carries its arguments, a password among them.
  function report(error: Error & { code?: unknown; command?: { name?: unknown } }): void {
    const reason = error.message || String(error.code);
    if (reason !== lastReason) logger.warn({ reason }, "Redis can't be reached");
    lastReason = reason;
  }

  for (const client of [commands, subscriber]) {
    client.on("error", (error: Parameters<typeof report>[0]) => {
      report(error);
      // ioredis would go on with database 0, which may be somebody else's.
      if (error.command?.name === "select") client.disconnect(true);
    });
  }
  commands.on("ready", update);
  commands.on("close", update);

  function every(milliseconds: number, work: () => Promise<unknown>): void {
    const timer = setInterval(() => {
      if (isUp) work().catch(() => undefined);
    }, milliseconds);
    timer.unref();
    timers.push(timer);
  }

  // A ping that stays without an answer ends its connection, by `socketTimeout`.
  for (const client of [commands, subscriber]) every(PING_MS, () => client.ping());

  return {
    commands,
    key: (name) => `${PREFIX}:${name}`,
    channel: (name) => `${PREFIX}:${address.db}:${name}`,
    isUp: () => isUp,
    onUp: (listener) => listen(onUp, listener),
    onDown: (listener) => listen(onDown, listener),
    subscribe: (channel, listener) => channels.subscribe(channel, listener),
    every,
    async close() {
      isClosing = true;
      for (const timer of timers) clearInterval(timer);
      await Promise.all(
        [commands, subscriber].map(async (client) => {
          if (client.status === "ready") await client.quit().catch(() => undefined);
          client.disconnect();
        }),
      );
    },
  };
}

const toOptions = (address: RedisAddress) => ({
  ...address,
  connectTimeout: TIMEOUT_MS,
  commandTimeout: TIMEOUT_MS,
  socketTimeout: TIMEOUT_MS,
  maxLoadingRetryTime: MAX_LOADING_RETRY_MS,
  retryStrategy: (attempt: number) => backoffDelay(attempt - 1, BACKOFF),
  // After a failover the old primary still answers, and refuses to write.
  reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
  // Nothing waits for a reconnect, and nothing is sent a second time after one.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
});

function listen(listeners: Set<() => void>, listener: () => void): () => void {
  const own = (): void => listener();
  listeners.add(own);
  return () => void listeners.delete(own);
}
