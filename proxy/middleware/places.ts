/** Places for what is open at the same time. */
import { ProxyError } from "../errors.ts";

const RETRY_AFTER_SECONDS = 10;

/** What shares its places, and how many there are. */
export type Place = readonly [key: string, maximum: number];

export type Places = {
  /** Takes one of each, or rejects with `too_many_streams` and takes none. Returns what gives them back. */
  take: (places: readonly Place[]) => Promise<() => void>;
};

/** How many places this process has taken. */
export function createTally() {
  const taken = new Map<string, number>();
  const add = (key: string, change: number): void => {
    const count = (taken.get(key) ?? 0) + change;
    if (count > 0) taken.set(key, count);
    else taken.delete(key);
  };
  return {
    entries: (): Array<[key: string, count: number]> => [...taken],

    /** Throws `too_many_streams` when one is full. What it returns gives the places back once. */
    take(places: readonly Place[]): () => boolean {
      if (places.some(([key, maximum]) => (taken.get(key) ?? 0) >= maximum)) throw tooManyStreams();
      for (const [key] of places) add(key, 1);
      let isGivenBack = false;
      return () => {
        if (isGivenBack) return false;
        isGivenBack = true;
        for (const [key] of places) add(key, -1);
        return true;
      };
    },
  };
}

export function createMemoryPlaces(): Places {
  const tally = createTally();
  return { take: async (places) => tally.take(places) };
}

export const tooManyStreams = (): ProxyError =>
  new ProxyError("too_many_streams", { retryAfter: RETRY_AFTER_SECONDS });
