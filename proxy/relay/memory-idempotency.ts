/** The keys of one process, in its memory. */
import type { Claim, IdempotencyStore, Purpose } from "./idempotency.ts";
import type { Attempt } from "./attempt.ts";

const KEPT_MS = 24 * 60 * 60 * 1000;
const MAX_ENTRIES = 50_000;

type Entry<Result> = Purpose & {
  expiresAt: number;
  isRunning: boolean;
  attempt: Attempt | null;
  /** In an object, since a result may be anything. */
  done: { result: Result } | null;
};

export function createMemoryIdempotency<Result>(
  now: () => number = Date.now,
): IdempotencyStore<Result> {
  const entries = new Map<string, Entry<Result>>();

  function dropOld(): void {
    for (const [id, entry] of entries) {
      if (entry.expiresAt > now() && entries.size < MAX_ENTRIES) return;
      entries.delete(id);
    }
  }

  function start(id: string, purpose: Purpose, earlier: Attempt | null): Claim<Result> {
    dropOld();
    const entry: Entry<Result> = {
      ...purpose,
      expiresAt: now() + KEPT_MS,
      isRunning: true,
      attempt: earlier,
      done: null,
    };
    // Re-inserting keeps the map in order of age: the first key is the one to drop.
    entries.delete(id);
    entries.set(id, entry);
    return {
      earlier,
      remember: async (attempt) => void (entry.attempt = attempt),
      release: async () => void entries.delete(id),
      suspend: async () => void (entry.isRunning = false),
      complete: async (result) => void Object.assign(entry, { isRunning: false, done: { result } }),
    };
  }

  return {
    async claim(id, purpose) {
      const stored = entries.get(id);
      if (!stored || stored.expiresAt <= now())
        return { status: "claimed", claim: start(id, purpose, null) };
      const isUnknown = !stored.isRunning && !stored.done;
      const isOtherTarget = stored.target !== purpose.target && !isUnknown;
      if (stored.fingerprint !== purpose.fingerprint || isOtherTarget) return { status: "reused" };
      if (stored.done) return { status: "done", ...stored.done };
      if (stored.isRunning) return { status: "running" };
      return { status: "claimed", claim: start(id, purpose, stored.attempt) };
    },
    close: async () => undefined,
  };
}
