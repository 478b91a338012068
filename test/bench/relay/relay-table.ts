/** A table of each load: what every system costs, beside the baseline. Pure. */
import { formatKilobytes, formatNumber, formatRatio } from "../format.ts";
import type { Row } from "../table.ts";
import type { Measured } from "./measure.ts";

/** Beyond this share of the machine's time delays say more about the machine than about the system. */
const SATURATED = 0.85;

export const RELAY_HEADER: Row = [
  "",
  "CPU µs/event",
  "×",
  "delay p50",
  "p99, ms",
  "kB/viewer",
  "×",
  "platform conns",
  "lost",
  "machine busy",
];

export type RelayRowOptions = {
  /** Null: not installed. */
  measured: Measured | null;
  baseline: Measured | null;
  /** The platform read directly: its delays are nobody's. */
  direct: Measured | null;
};

export function toRelayRow(name: string, { measured, baseline, direct }: RelayRowOptions): Row {
  if (measured === null) return [name, "not installed"];
  const { busy } = measured;
  const isSaturated = busy !== null && busy > SATURATED;
  const toDelay = (field: "delayP50" | "delayP99"): string => {
    if (isSaturated) return "saturated";
    const value = measured[field];
    const own = direct?.[field] ?? null;
    return formatNumber(value === null || own === null ? null : value - own);
  };
  return [
    name,
    formatNumber(measured.cpuPerEvent),
    formatRatio(measured.cpuPerEvent, baseline?.cpuPerEvent ?? null),
    toDelay("delayP50"),
    toDelay("delayP99"),
    formatKilobytes(measured.memoryPerViewer),
    formatRatio(measured.memoryPerViewer, baseline?.memoryPerViewer ?? null),
    measured.connections.toLocaleString("en"),
    measured.lost === null ? "n/a" : measured.lost.toLocaleString("en"),
    busy === null ? "n/a" : `${Math.round(busy * 100)} %`,
  ];
}
