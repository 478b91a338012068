/** Times for people. Pure. */

const UNITS = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
] as const;

/** `3 h ago`; empty for what is no time. */
export function toAge(time: string | null, now: number = Date.now()): string {
  const seconds = Math.round((now - Date.parse(time ?? "")) / 1000);
  if (Number.isNaN(seconds)) return "";
  const unit = UNITS.find(([, length]) => seconds >= length);
  return unit ? `${Math.floor(seconds / unit[1])} ${unit[0]} ago` : "just now";
}

/** `2026-11-22 09:30 UTC`. */
export function toMoment(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "";
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
