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
  let timer: NodeJS.Timeout | undefined;

  function emitPending(): void {
    const text = pending;
    pending = "";
    if (text !== "") emit(text);
  }

  function onWindowEnd(): void {
    timer = pending === "" ? undefined : setTimeout(onWindowEnd, untilWindowEnd(windowMs));
    emitPending();
  }

  return {
    add(text) {
      pending += text;
      if (timer !== undefined && pending.length < MAX_PENDING_CHARACTERS) return;
      emitPending();
      if (windowMs > 0) timer ??= setTimeout(onWindowEnd, untilWindowEnd(windowMs));
    },
    flush() {
      clearTimeout(timer);
      timer = undefined;
      emitPending();
    },
  };
}

/**
 * Milliseconds. The windows of all answers end at the same times, so that the process wakes up once
 * for all of them: waking up costs as much as writing a frame.
 */
function untilWindowEnd(windowMs: number): number {
  const left = windowMs - (performance.now() % windowMs);
  return left > EARLY_MS ? left : left + windowMs;
}
