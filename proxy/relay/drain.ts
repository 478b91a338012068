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
  /** `retryMs` gives each viewer the time after which to come back. */
  end: (id: string, retryMs: () => number) => void;
};

export async function drain({ deadlineMs, ids, isBusy, end }: DrainOptions): Promise<void> {
  const retryMs = (): number => RETRY_FROM_MS + Math.random() * RETRY_SPREAD_MS;
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const isOver = performance.now() >= deadline;
    for (const id of ids()) if (isOver || !isBusy(id)) end(id, retryMs);
    if (ids().length === 0) return;
    await wait(CHECK_MS);
  }
}
