import type { HistoryResponse } from "../../../proxy/protocol.ts";

/** Seconds since 1970 → values; null where there is nothing to draw. */
export type Line = { name: string; values: ReadonlyArray<number | null>; isFaint?: boolean };

/** One plot and its number, for people. */
export type Figure = {
  title: string;
  value: string;
  /** What the number is. */
  note: string;
  kind: "bars" | "line" | "steps";
  isBad?: boolean;
  minutes: readonly number[];
  lines: readonly Line[];
};

export function toFigures(history: HistoryResponse): Figure[] {
  const { minutes, messages, errors, viewers, firstTextMedian, firstTextP95 } = history;
  const total = sum(messages);
  const failed = sum(errors);
  const latest = firstTextMedian.findLastIndex((seconds) => seconds !== null);
  const median = firstTextMedian[latest] ?? null;
  return [
    {
      title: "Messages",
      value: String(total),
      note: "in the last hour",
      kind: "bars",
      minutes,
      lines: [{ name: "Messages", values: messages }],
    },
    {
      title: "Time to first token",
      value: median === null ? "–" : toSeconds(median),
      note:
        median === null
          ? "no answer in the last hour"
          : `latest median, p95 ${toSeconds(firstTextP95[latest] ?? median)}`,
      kind: "line",
      minutes,
      lines: [
        { name: "p95", values: firstTextP95, isFaint: true },
        { name: "Median", values: firstTextMedian },
      ],
    },
    {
      title: "Open viewers",
      value: String(history.openViewers),
      note: `now, up to ${Math.max(0, ...viewers)} in the last hour`,
      kind: "steps",
      minutes,
      lines: [{ name: "Viewers", values: viewers }],
    },
    {
      title: "Errors",
      value: String(failed),
      note: "in the last hour",
      kind: "bars",
      isBad: failed > 0,
      minutes,
      lines: [{ name: "Errors", values: errors }],
    },
  ];
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** `0.34 s`, `2.1 s`, `45 s`. */
export const toSeconds = (seconds: number): string =>
  `${seconds.toFixed(seconds < 1 ? 2 : seconds < 10 ? 1 : 0)} s`;

/** What the lines say in one minute: `14:05 · Median 0.34 s`. Empty where they say nothing. */
export function describeAt({ minutes, lines, kind }: Figure, at: number): string {
  const minute = minutes[at];
  const values = lines.flatMap(({ name, values }) => {
    const value = values[at] ?? null;
    if (value === null) return [];
    return [kind === "line" ? `${name} ${toSeconds(value)}` : String(value)];
  });
  if (minute === undefined || values.length === 0) return "";
  return `${toClock(minute)} · ${values.toReversed().join(", ")}`;
}

/** `seconds` since 1970, in the reader's time. */
export const toClock = (seconds: number): string =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
