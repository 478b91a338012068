/** Watches over what is awaited: polls whenever the platform's stream does not deliver. */
import type { Logger } from "pino";
import { withRequestId } from "../request-id.ts";
import type { RelayTimes } from "./times.ts";

const GROWTH = 1.5;

export type WatchOptions = {
  /** Something is awaited: an answer, its end, or what only the history has. */
  isNeeded: () => boolean;
  /** The stream is open, and what is awaited can still come by it. */
  isStreaming: () => boolean;
  /** When the last event that could be read came, as of `performance.now()`, which no change of the clock moves. */
  lastEventAt: () => number;
  /** Reads state and history. May reject; it is tried again. */
  poll: () => Promise<void>;
  /** Called once, after `giveUpMs`. */
  onGiveUp: () => void;
  times: RelayTimes;
  logger: Logger;
};

export type Watch = {
  /** From now on, as if nothing had been awaited before. */
  restart: () => void;
  /** Begins, if something is awaited and nobody watches yet. */
  wake: () => void;
  /** Polls after so long, whatever the stream delivers, if something is awaited then. */
  pollIn: (milliseconds: number) => void;
  end: () => void;
};

/** Watches nothing yet. It ends on its own when nothing is awaited any more. */
export function createWatch(options: WatchOptions): Watch {
  const { isNeeded, isStreaming, lastEventAt, poll, onGiveUp, times, logger } = options;
  let timer: NodeJS.Timeout | undefined;
  /** Tells the current run from those that were ended while they polled. */
  let run = 0;
  let isRunning = false;
  let startedAt = 0;
  let interval = 0;

  function isDelivering(): boolean {
    if (!isStreaming()) return false;
    const hasBegun = lastEventAt() > startedAt;
    const silence = performance.now() - (hasBegun ? lastEventAt() : startedAt);
    return silence < (hasBegun ? times.silenceMs : times.firstSilenceMs);
  }

  function schedule(milliseconds: number, mustPoll: boolean): void {
    clearTimeout(timer);
    run += 1;
    const current = run;
    // Whatever request began the wait, this is nobody's: each poll has an id of its own.
    timer = setTimeout(() => void withRequestId(() => check(current, mustPoll)), milliseconds);
  }

  async function check(current: number, mustPoll: boolean): Promise<void> {
    if (!isNeeded()) return end();
    if (performance.now() - startedAt > times.giveUpMs) {
      end();
      return onGiveUp();
    }
    if (mustPoll || !isDelivering()) {
      await poll().catch(() => logger.debug("polling for an answer failed; trying again"));
      interval = Math.min(interval * GROWTH, times.maxPollMs);
    }
    if (current === run && isRunning) schedule(interval, false);
  }

  function begin(): void {
    isRunning = true;
    startedAt = performance.now();
    interval = times.pollMs;
  }

  function end(): void {
    isRunning = false;
    clearTimeout(timer);
  }

  return {
    restart() {
      begin();
      schedule(interval, false);
    },
    wake() {
      if (isRunning || !isNeeded()) return;
      begin();
      schedule(interval, false);
    },
    pollIn(milliseconds) {
      if (!isRunning) begin();
      schedule(milliseconds, true);
    },
    end,
  };
}
