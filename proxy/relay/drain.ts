/** The clean end of a relay: what is idle ends at once, answers under way may finish. */
import { setTimeout as wait } from "node:timers/promises";

const CHECK_MS = 50;
/** Spread out, so that all viewers don't come back in the same moment. */
const RETRY_FROM_MS = 500;
const RETRY_SPREAD_MS = 3000;

export type DrainOptions = {
  /** After this the answers that are still under way are cut off. */
  deadlineMs: number;
  ids: () => readonly string[];
  isBusy: (id: string) => boolean;
  /** Told once of each that may still finish. */
  onBusy?: (id: string, retryMs: () => number) => void;
  /** `retryMs` gives each viewer the time after which to come back. Never rejects. */
  end: (id: string, retryMs: () => number) => void | Promise<void>;
};

/** Resolves when everything has ended. */
export async function drain(options: DrainOptions): Promise<void> {
  const { deadlineMs, ids, isBusy, onBusy, end } = options;
  const retryMs = (): number => RETRY_FROM_MS + Math.random() * RETRY_SPREAD_MS;
  const deadline = performance.now() + deadlineMs;
  for (const id of ids()) if (isBusy(id)) onBusy?.(id, retryMs);
  for (;;) {
    const isOver = performance.now() >= deadline;
    const ended = ids().filter((id) => isOver || !isBusy(id));
    await Promise.all(ended.map((id) => end(id, retryMs)));
    if (ids().length === 0) return;
    await wait(CHECK_MS);
  }
}
