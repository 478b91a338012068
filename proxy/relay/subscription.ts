/** One subscription to a platform's stream of one conversation: reconnects with backoff until closed. */
import type { Logger } from "pino";
import { PlatformError, type Platform, type PlatformEvent } from "../platforms/platform.ts";
import { withRequestId } from "../request-id.ts";
import { backoffDelay } from "./backoff.ts";

const BACKOFF = { baseMs: 500, maxMs: 15_000 };
/** Without any byte for so long the connection is taken for dead. */
const STALL_MS = 60_000;
/** A connection that lived so long starts the backoff afresh. */
const STABLE_MS = 5000;

export type SubscriptionOptions = {
  platform: Platform;
  conversationId: string;
  onEvent: (event: PlatformEvent) => void;
  /** The stream is open. What happened before has to be read from the history. */
  onUp: () => void;
  onDown: () => void;
  /** Called before each connection but the first. */
  onReconnect?: () => void;
  logger: Logger;
  stallMs?: number;
};

export type Subscription = {
  isUp: () => boolean;
  /** Resolves when the stream is open, or the first try has failed, or after `milliseconds`. */
  settled: (milliseconds: number) => Promise<void>;
  /** Cuts a waiting time short: there is a reason to believe that it works now. */
  retryNow: () => void;
  close: () => void;
};

export function openSubscription(options: SubscriptionOptions): Subscription {
  const { platform, conversationId, onEvent, onUp, onDown, logger, stallMs = STALL_MS } = options;
  const closing = new AbortController();
  const firstTry = Promise.withResolvers<void>();
  let up = false;
  let wake: () => void = () => undefined;

  async function connect(): Promise<void> {
    const connection = new AbortController();
    const stall = setTimeout(() => connection.abort(), stallMs);
    const handlers = {
      onOpen() {
        up = true;
        firstTry.resolve();
        onUp();
      },
      onActivity: () => void stall.refresh(),
      onEvent,
    };
    try {
      await platform.stream(
        conversationId,
        handlers,
        AbortSignal.any([closing.signal, connection.signal]),
      );
    } catch (error) {
      if (closing.signal.aborted) return;
      const failure = error instanceof PlatformError ? error.failure : "unavailable";
      logger.debug({ failure, conversation: conversationId }, "the platform's stream is down");
    } finally {
      clearTimeout(stall);
      firstTry.resolve();
      if (up && !closing.signal.aborted) onDown();
      up = false;
    }
  }

  async function run(): Promise<void> {
    let attempt = 0;
    while (!closing.signal.aborted) {
      const startedAt = Date.now();
      await withRequestId(connect);
      if (closing.signal.aborted) return;
      if (Date.now() - startedAt > STABLE_MS) attempt = 0;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, backoffDelay(attempt, BACKOFF));
      wake = resolve;
      await promise;
      clearTimeout(timer);
      attempt += 1;
      if (!closing.signal.aborted) options.onReconnect?.();
    }
  }

  void run();
  return {
    isUp: () => up,
    async settled(milliseconds) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, milliseconds);
      await Promise.race([promise, firstTry.promise]);
      clearTimeout(timer);
    },
    retryNow: () => wake(),
    close() {
      closing.abort();
      wake();
      firstTry.resolve();
    },
  };
}
