import type { Breaks } from "./breaks.ts";

/** Draws what breaks at random. The same seed gives the same lots, in the order they are drawn. */
export type Lots = {
  /** One of the kinds, as likely as `breakRate` says; else undefined. */
  draw: <Kind>(kinds: readonly Kind[]) => Kind | undefined;
};

export function createLots(breaks: Breaks): Lots {
  let seed = breaks.breakSeed;
  let state = seed;

  /** In [0, 1): mulberry32 (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
  function next(): number {
    if (seed !== breaks.breakSeed) state = seed = breaks.breakSeed;
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  return {
    draw(kinds) {
      if (breaks.breakRate === 0 || next() >= breaks.breakRate) return undefined;
      return kinds[Math.floor(next() * kinds.length)];
    },
  };
}
