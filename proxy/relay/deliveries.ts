/** Webhook deliveries that were dealt with: a platform repeats one whose answer it has not got. */

export const KEPT_SECONDS = 24 * 60 * 60;
const MAX_ENTRIES = 10_000;

/** `digest` stands for one delivery. Each is kept for 24 h. Neither call rejects. */
export type Deliveries = {
  has: (digest: string) => Promise<boolean>;
  add: (digest: string) => Promise<void>;
};

/** Those of one process, in its memory; the oldest make room. */
export function createMemoryDeliveries(now: () => number = Date.now): Deliveries {
  const expiries = new Map<string, number>();
  return {
    has: async (digest) => (expiries.get(digest) ?? 0) > now(),
    async add(digest) {
      expiries.delete(digest);
      expiries.set(digest, now() + KEPT_SECONDS * 1000);
      const [oldest] = expiries.keys();
      if (expiries.size > MAX_ENTRIES && oldest !== undefined) expiries.delete(oldest);
    },
  };
}
