/** Joins the chunks of one message: the first goes out at once, later ones together every few milliseconds. */
import { atWindowEnd, nextWindowEnd } from "./window.ts";

const MAX_PENDING_CHARACTERS = 32_768;

export type Coalescer = {
  add: (text: string) => void;
  /** Hands out what is pending and waits for nothing any more. */
  flush: () => void;
};

/** A chunk waits hardly longer than `windowMs`; with 0 each goes out as it is. */
export function createCoalescer(windowMs: number, emit: (text: string) => void): Coalescer {
  let pending = "";
  /** As of `performance.now()`. Before, nothing more goes out. */
  let windowEnd = 0;
  /** Set only while something is pending: chunks that are far apart wait for nothing. */
  let stopWaiting: (() => void) | null = null;

  function emitPending(): void {
    const text = pending;
    pending = "";
    if (text !== "") emit(text);
  }

  function startWindow(): void {
    stopWaiting = null;
    windowEnd = nextWindowEnd(windowMs);
    emitPending();
  }

  return {
    add(text) {
      pending += text;
      if (windowMs === 0 || pending.length >= MAX_PENDING_CHARACTERS) emitPending();
      else if (stopWaiting) return;
      else if (performance.now() >= windowEnd) startWindow();
      else stopWaiting = atWindowEnd(windowEnd, startWindow);
    },
    flush() {
      stopWaiting?.();
      stopWaiting = null;
      windowEnd = 0;
      emitPending();
    },
  };
}
