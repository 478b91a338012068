const CAP = 30_000;

/** Milliseconds before attempt `attempt` (from 0): `base`, and jitter that doubles up to 30 s. */
export function backoff(attempt: number, base: number, random = Math.random): number {
  return base + random() * Math.min(CAP, base * 2 ** attempt);
}

/** Waits; cut short when the browser is online again, or by `signal`. Never rejects. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const listening = new AbortController();
    const done = () => {
      clearTimeout(timer);
      listening.abort();
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, listening);
    globalThis.addEventListener?.("online", done, listening);
    if (signal.aborted) done();
  });
}
