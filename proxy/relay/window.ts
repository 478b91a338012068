/**
 * The windows in which chunks are joined. They end at the same times for all answers of the process,
 * which so wakes up once for all of them, with one timer: that costs as much as writing a frame.
 */

/** A window that would be shorter goes on to the next end. */
const MIN_WINDOW_MS = 3;

/** What is to be done at a window's end, by its time. */
const endings = new Map<number, { callbacks: Set<() => void>; timer: NodeJS.Timeout }>();

/** The end of a window that begins now, as of `performance.now()`: `windowMs` away, or less. */
export function nextWindowEnd(windowMs: number): number {
  const soonest = performance.now() + MIN_WINDOW_MS;
  return Math.ceil(soonest / windowMs) * windowMs;
}

/** Calls back once at `end`. Returns the function that takes it back. */
export function atWindowEnd(end: number, callback: () => void): () => void {
  const ending = endings.get(end) ?? begin(end);
  ending.callbacks.add(callback);
  return () => {
    ending.callbacks.delete(callback);
    if (ending.callbacks.size > 0) return;
    clearTimeout(ending.timer);
    endings.delete(end);
  };
}

function begin(end: number) {
  const callbacks = new Set<() => void>();
  const timer = setTimeout(
    () => {
      endings.delete(end);
      for (const callback of callbacks) callback();
    },
    Math.max(0, end - performance.now()),
  );
  const ending = { callbacks, timer };
  endings.set(end, ending);
  return ending;
}
