/** Watches over an answer that is awaited: polls whenever the platform's stream does not deliver. */
import type { Logger } from "pino";

const FIRST_CHECK_MS = 1000;
const MAX_INTERVAL_MS = 5000;
const GROWTH = 1.5;
/** Without any event for so long after the send, or between two of them, the stream is not trusted. */
const SILENCE_BEFORE_FIRST_MS = 3000;
const SILENCE_BETWEEN_MS = 10_000;
const GIVE_UP_MS = 10 * 60_000;

export type WatchOptions = {
  isStreaming: () => boolean;
  /** Milliseconds since 1970 of the last event that could be read. */
  lastEventAt: () => number;
  /** Reads state and history. May reject; it is tried again. */
  poll: () => Promise<void>;
  onGiveUp: () => void;
  logger: Logger;
};

/** Returns the function that ends the watch. */
export function watchAnswer(options: WatchOptions): () => void {
  const startedAt = Date.now();
  let interval = FIRST_CHECK_MS;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  function isDelivering(): boolean {
    if (!options.isStreaming()) return false;
    const lastEventAt = options.lastEventAt();
    const hasBegun = lastEventAt > startedAt;
    const silence = Date.now() - (hasBegun ? lastEventAt : startedAt);
    return silence < (hasBegun ? SILENCE_BETWEEN_MS : SILENCE_BEFORE_FIRST_MS);
  }

  async function check(): Promise<void> {
    if (Date.now() - startedAt > GIVE_UP_MS) {
      ended = true;
      options.onGiveUp();
      return;
    }
    if (!isDelivering()) {
      await options
        .poll()
        .catch(() => options.logger.debug("polling for an answer failed; trying again"));
      interval = Math.min(interval * GROWTH, MAX_INTERVAL_MS);
    }
    if (!ended) timer = setTimeout(() => void check(), interval);
  }

  timer = setTimeout(() => void check(), interval);
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
