/** One subscription to a platform's stream of one conversation: reconnects with backoff until closed. */
import type { Logger } from "pino";
import { PlatformError, type Platform, type PlatformEvent } from "../platforms/platform.ts";
import { withRequestId } from "../request-id.ts";
import { backoffDelay } from "./backoff.ts";
import type { RelayTimes } from "./times.ts";

export type SubscriptionOptions = {
  platform: Platform;
  conversationId: string;
  onEvent: (event: PlatformEvent) => void;
  /** The stream is open. What happened before has to be read from the history. */
  onUp: () => void;
  onDown: () => void;
  /** The platform answered, and not with a stream: what happens has to be read from the history. */
  onNoStream: () => void;
  /** Called before each connection but the first. */
  onReconnect?: () => void;
  logger: Logger;
  times: RelayTimes;
};

export type Subscription = {
  isUp: () => boolean;
  /** Milliseconds since the last byte; 0 while it is down. */
  silentFor: () => number;
  /** Resolves when the stream is open, or the first try has failed, or after `milliseconds`. */
  settled: (milliseconds: number) => Promise<void>;
  /** Cuts a waiting time short: there is a reason to believe that it works now. */
  retryNow: () => void;
  /** Opens a new connection at once, when one is open: it is taken for dead. */
  replace: () => void;
  close: () => void;
};

export function openSubscription(options: SubscriptionOptions): Subscription {
  const { platform, conversationId, onEvent, onUp, onDown, onNoStream, logger, times } = options;
  const backoff = { baseMs: times.reconnectMs, maxMs: times.maxReconnectMs };
  const firstTry = Promise.withResolvers<void>();
  let up = false;
  let openedAt = Infinity;
  let lastByteAt = 0;
  let isReplaced = false;
  let isClosed = false;
  let connection = new AbortController();
  let wake: () => void = () => undefined;

  async function connect(): Promise<void> {
    connection = new AbortController();
    const { signal } = connection;
    lastByteAt = performance.now();
    let stall = setTimeout(checkStall, times.stallMs);
    // Not set anew by each byte: a stream brings many.
    function checkStall(): void {
      const leftMs = lastByteAt + times.stallMs - performance.now();
      if (leftMs <= 0) connection.abort();
      else stall = setTimeout(checkStall, leftMs);
    }
    const handlers = {
      onOpen() {
        up = true;
        openedAt = performance.now();
        lastByteAt = openedAt;
        firstTry.resolve();
        onUp();
      },
      onActivity() {
        lastByteAt = performance.now();
      },
      onEvent,
    };
    try {
      // Its own signal: Node keeps what listens to one of `AbortSignal.any` until one of them aborts.
      await platform.stream(conversationId, handlers, signal);
    } catch (error) {
      if (isClosed) return;
      const failure = error instanceof PlatformError ? error.failure : "unavailable";
      logger.debug({ failure, conversation: conversationId }, "the platform's stream is down");
      if (failure === "not-a-stream") onNoStream();
    } finally {
      clearTimeout(stall);
      firstTry.resolve();
      if (up && !isClosed) onDown();
      up = false;
    }
  }

  async function run(): Promise<void> {
    let attempt = 0;
    for (;;) {
      openedAt = Infinity;
      await withRequestId(connect);
      if (isClosed) return;
      if (isReplaced || performance.now() - openedAt > times.stableMs) attempt = 0;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, isReplaced ? 0 : backoffDelay(attempt, backoff));
      isReplaced = false;
      wake = resolve;
      await promise;
      clearTimeout(timer);
      attempt += 1;
      if (isClosed) return;
      options.onReconnect?.();
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
    silentFor: () => (up ? performance.now() - lastByteAt : 0),
    replace() {
      if (!up) return;
      isReplaced = true;
      connection.abort();
    },
    close() {
      isClosed = true;
      connection.abort();
      wake();
      firstTry.resolve();
    },
  };
}
