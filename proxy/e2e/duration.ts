/** Times as people write them, in milliseconds. Pure. */

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000 };

/** The longest that a timer of Node can wait is 24 days. */
const MAX_MS = 24 * 60 * 60_000;

export const DURATIONS = "a time such as 10s, 500ms or 2min, at most a day";

/** `1.5s` → 1500; null for what is no time, for none at all, and for more than a day. */
export function parseDuration(text: string): number | null {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?) ?(ms|s|min)$/.exec(text.trim()) ?? [];
  const milliseconds = Math.round(Number(number) * (UNITS[unit] ?? NaN));
  return milliseconds > 0 && milliseconds <= MAX_MS ? milliseconds : null;
}

/** 40 → `40 ms`, 1540 → `1.5 s`. */
export const describeTime = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
