import type { Entry } from "../state/transcript.ts";

const MINUTES = 60_000;

/** By language and kind: to make one takes longer than all that it writes. */
const formats: Partial<Record<string, Intl.DateTimeFormat>> = {};

/** `14:05` today, `21 Nov, 14:05` before; undefined while an answer has no time yet. */
export function formatTime(iso: string, locale: string | undefined, now = new Date()) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return undefined;
  const isToday = date.toDateString() === now.toDateString();
  const day: Intl.DateTimeFormatOptions = isToday ? {} : { day: "numeric", month: "short" };
  const key = `${locale} ${isToday}`;
  const options: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit", ...day };
  return (formats[key] ??= new Intl.DateTimeFormat(locale, options)).format(date);
}

/** As the visitor's browser has the language: `en-GB` for `en`. */
export function toRegional(language: string): string {
  return navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
}

/** Written by the same side within five minutes: one time is enough. */
export function isTogether(entry: Entry, next: Entry | undefined): boolean {
  if (next?.role !== entry.role) return false;
  return Date.parse(next.created_at) - Date.parse(entry.created_at) < 5 * MINUTES;
}
