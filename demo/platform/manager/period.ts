const UNITS = ["hour", "day", "week", "month", "year"] as const;
export type Unit = (typeof UNITS)[number];

/** `last` is counted back from now; `current` and `previous` are calendar units, in UTC. */
export type Period =
  | { kind: "last"; count: number; unit: Unit }
  | { kind: "current" | "previous"; unit: Unit };

/** What is meant when nothing is said. */
export const USUAL_PERIOD: Period = { kind: "last", count: 7, unit: "day" };

/** Ten years of anything but years. */
const MAX_COUNT = 3660;

const NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split(" ");
const COUNT = `\\d{1,6}|an?|couple of|few|${NUMBERS.join("|")}`;
const UNIT = `(?<unit>${UNITS.join("|")}|fortnight)s?`;

const COUNTED = new RegExp(
  `\\b(?:last|past|previous|recent|latest)\\s+(?:(?<count>${COUNT})\\s+)?${UNIT}\\b`,
);
const CALENDAR = new RegExp(`\\b(?<which>this|current|last|previous)\\s+${UNIT}\\b`);
/** "in the last week" is seven days; "last week" is the one before this. */
const ROLLING = /\b(?:the|past|these)\s+(?:last\s+|past\s+)?\w+$/;

/** Finds a period in a text in lower case. */
export function findPeriod(text: string): Period | undefined {
  if (/\btoday\b/.test(text)) return { kind: "current", unit: "day" };
  if (/\byesterday\b/.test(text)) return { kind: "previous", unit: "day" };
  const counted = COUNTED.exec(text);
  const { count, unit = "" } = counted?.groups ?? {};
  const before = text.slice(0, (counted?.index ?? 0) + (counted?.[0].length ?? 0));
  if (counted && (count !== undefined || unit === "fortnight" || ROLLING.test(before))) {
    return toLast(count, unit);
  }
  const calendar = CALENDAR.exec(text)?.groups;
  const calendarUnit = UNITS.find((name) => name === calendar?.["unit"]);
  if (!calendarUnit) return undefined;
  const isCurrent = calendar?.["which"] === "this" || calendar?.["which"] === "current";
  return { kind: isCurrent ? "current" : "previous", unit: calendarUnit };
}

function toLast(count: string | undefined, unit: string): Period {
  const number = toNumber(count);
  if (unit === "fortnight") return { kind: "last", count: 2 * number, unit: "week" };
  const known = UNITS.find((name) => name === unit) ?? "day";
  return { kind: "last", count: number, unit: known };
}

function toNumber(text = "1"): number {
  if (text === "few") return 3;
  if (text.startsWith("couple")) return 2;
  if (/^an?$/.test(text)) return 1;
  const number = /^\d/.test(text) ? Number(text) : NUMBERS.indexOf(text) + 1;
  return Math.min(Math.max(number, 1), MAX_COUNT);
}

/** "the last 7 days", "today", "last month". */
export function describePeriod(period: Period): string {
  if (period.kind === "last") {
    const { count, unit } = period;
    return count === 1 ? `the last ${unit}` : `the last ${count} ${unit}s`;
  }
  const { kind, unit } = period;
  if (unit === "day") return kind === "current" ? "today" : "yesterday";
  return `${kind === "current" ? "this" : "last"} ${unit}`;
}

/** Both ends of a period, `from` included and `until` not; weeks begin on Monday. */
export function toInterval(period: Period, now: Date): { from: Date; until: Date } {
  if (period.kind === "last") {
    // A millisecond more, so that what happens now is in it.
    return { from: shift(now, period.unit, -period.count), until: new Date(now.getTime() + 1) };
  }
  const start = startOf(now, period.unit);
  return period.kind === "current"
    ? { from: start, until: new Date(now.getTime() + 1) }
    : { from: shift(start, period.unit, -1), until: start };
}

function shift(date: Date, unit: Unit, count: number): Date {
  const moved = new Date(date);
  if (unit === "hour") moved.setUTCHours(moved.getUTCHours() + count);
  else if (unit === "day") moved.setUTCDate(moved.getUTCDate() + count);
  else if (unit === "week") moved.setUTCDate(moved.getUTCDate() + 7 * count);
  else if (unit === "month") moved.setUTCMonth(moved.getUTCMonth() + count);
  else moved.setUTCFullYear(moved.getUTCFullYear() + count);
  return moved;
}

function startOf(date: Date, unit: Unit): Date {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  if (unit === "hour") return new Date(Date.UTC(year, month, day, date.getUTCHours()));
  if (unit === "day") return new Date(Date.UTC(year, month, day));
  if (unit === "week") return new Date(Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7)));
  return new Date(Date.UTC(year, unit === "month" ? month : 0, 1));
}
