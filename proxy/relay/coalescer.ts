/** Joins the chunks of one message: the first goes out at once, later ones together every few milliseconds. */

const MAX_PENDING_CHARACTERS = 32_768;

export type Coalescer = {
  add: (text: string) => void;
  /** Hands out what is pending and stops the timer. */
  flush: () => void;
};

/** `windowMs` 0 hands out each chunk as it is. */
export function createCoalescer(windowMs: number, emit: (text: string) => void): Coalescer {
  let pending = "";
  let timer: NodeJS.Timeout | undefined;

  function emitPending(): void {
    const text = pending;
    pending = "";
    if (text !== "") emit(text);
  }

  function onWindowEnd(): void {
    timer = pending === "" ? undefined : setTimeout(onWindowEnd, windowMs);
    emitPending();
  }

  return {
    add(text) {
      pending += text;
      if (timer !== undefined && pending.length < MAX_PENDING_CHARACTERS) return;
      emitPending();
      if (windowMs > 0) timer ??= setTimeout(onWindowEnd, windowMs);
    },
    flush() {
      clearTimeout(timer);
      timer = undefined;
      emitPending();
    },
  };
}
