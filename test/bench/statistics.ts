/** The middle value, or the mean of the two in the middle. Throws when there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new Error("no values, no median");
  return (lower + upper) / 2;
}

/** Null when one of them could not be measured. */
export function sum(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (total, value) => (total === null || value === null ? null : total + value),
    0,
  );
}

/** The same list, begun `turns` places later: nobody is always measured first. */
export function rotate<Item>(items: readonly Item[], turns: number): Item[] {
  const start = items.length === 0 ? 0 : turns % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
