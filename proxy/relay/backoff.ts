/** Full-jitter exponential backoff: a restart of the other side is not met by everybody at once. Pure. */

export type Backoff = { baseMs: number; maxMs: number };

/** Milliseconds to wait before try `attempt` (0 for the first repeat). `random` is in [0, 1). */
export function backoffDelay(
  attempt: number,
  backoff: Backoff,
  random: () => number = Math.random,
): number {
  const ceiling = Math.min(backoff.maxMs, backoff.baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(random() * ceiling);
}
