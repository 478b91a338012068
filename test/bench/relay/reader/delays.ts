/** Delays counted in steps of 0.1 ms: a million of them take no more room than one. Pure. */

const STEP_MS = 0.1;
/** Longer ones count as this long. */
const MAX_MS = 10_000;

export type Delays = {
  add: (milliseconds: number) => void;
  /** The delay that `share` (0 to 1) of all do not exceed; null when there are none. */
  quantile: (share: number) => number | null;
  clear: () => void;
};

export function createDelays(): Delays {
  const counts = new Uint32Array(MAX_MS / STEP_MS + 1);
  let total = 0;

  return {
    add(milliseconds) {
      const step = Math.round(Math.min(Math.max(milliseconds, 0), MAX_MS) / STEP_MS);
      counts[step] = (counts[step] ?? 0) + 1;
      total += 1;
    },

    quantile(share) {
      if (total === 0) return null;
      let left = Math.max(1, Math.ceil(share * total));
      const step = counts.findIndex((count) => (left -= count) <= 0);
      return step * STEP_MS;
    },

    clear() {
      counts.fill(0);
      total = 0;
    },
  };
}
