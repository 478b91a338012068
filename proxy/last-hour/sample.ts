/** A fair pick of numbers of which there may be any number. */

/** Kept at most. With more each is as likely to be among them as any other (reservoir sampling). */
const SIZE = 200;

export type Sample = {
  add: (value: number) => void;
  /** The nearest rank of those kept: 0.5 is the median. Null when there is none. */
  quantile: (share: number) => number | null;
};

/** `random` gives numbers from 0 up to 1. */
export function createSample(random: () => number = Math.random): Sample {
  const values: number[] = [];
  let count = 0;

  return {
    add(value) {
      count += 1;
      const place = values.length < SIZE ? values.length : Math.floor(random() * count);
      if (place < SIZE) values[place] = value;
    },
    quantile(share) {
      const sorted = values.toSorted((one, other) => one - other);
      return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
    },
  };
}
