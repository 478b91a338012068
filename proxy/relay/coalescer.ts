/** Joins the chunks of one message: the first goes out at once, later ones together every few milliseconds. */

const MAX_PENDING_CHARACTERS = 32_768;
/** So much before its time a timer may come, after a busy moment. */
const EARLY_MS = 3;

export type Coalescer = {
  add: (text: string) => void;
  /** Hands out what is pending and stops the timer. */
  flush: () => void;
};

/** A chunk waits hardly longer than `windowMs`; with 0 each goes out as it is. */
export function createCoalescer(windowMs: number, emit: (text: string) => void): Coalescer {
  let pending = "";
  /** Set only while something is pending: chunks that are far apart need none. */
  let timer: NodeJS.Timeout | undefined;
  /** As of `performance.now()`. Before, nothing more goes out. */
  let windowEnd = 0;

  function emitPending(): void {
    const text = pending;
    pending = "";
    if (text !== "") emit(text);
  }

  function startWindow(): void {
    timer = undefined;
    windowEnd = nextWindowEnd(windowMs);
    emitPending();
  }

  return {
    add(text) {
      pending += text;
      if (windowMs === 0 || pending.length >= MAX_PENDING_CHARACTERS) return emitPending();
      if (timer !== undefined) return;
      const left = windowEnd - performance.now();
      if (left > 0) timer = setTimeout(startWindow, left);
      else startWindow();
    },
    flush() {
      clearTimeout(timer);
      timer = undefined;
      windowEnd = 0;
      emitPending();
    },
  };
}

/**
 * The windows of all answers end at the same times, so that the process wakes up once for all of them:
 * waking up costs as much as writing a frame.
 */
function nextWindowEnd(windowMs: number): number {
  const now = performance.now();
  const left = windowMs - (now % windowMs);
  return now + (left > EARLY_MS ? left : left + windowMs);
}
