import type { Exchange, Scenario } from "./exchange.ts";
import { formatKilobytes, formatNumber, formatRatio } from "./format.ts";
import { median, sum } from "./statistics.ts";
import type { Row } from "./table.ts";

export const RELAY_HEADER: Row = [
  "",
  "202",
  "first token",
  "×",
  "last viewer done",
  "×",
  "events/viewer",
  "kB/viewer",
  "CPU/1,000 events",
  "CPU/1,000 tokens",
  "platform's CPU",
];

type Timing = "accepted" | "firstToken" | "complete";

export type RelayRowOptions = {
  exchanges: readonly Exchange[];
  /** The platform's own, in the same scenario. */
  baseline: readonly Exchange[];
  scenario: Scenario;
};

/** CPU is that of the process in between: an answer is so many tokens, joined into fewer events. */
export function toRelayRow(name: string, options: RelayRowOptions): Row {
  const { exchanges, baseline, scenario } = options;
  const streams = scenario.conversations * scenario.viewers * exchanges.length;
  const middle = (field: Timing | "events" | "bytes" | "tokens", of = exchanges): number =>
    median(of.map((exchange) => exchange[field]));
  const ratio = (field: Timing): string => formatRatio(middle(field), middle(field, baseline));
  const cpu = sum(exchanges.map((exchange) => exchange.cpu));
  const platformCpu = sum(exchanges.map((exchange) => exchange.platformCpu));
  const perThousand = (count: number): string =>
    formatNumber(cpu === null ? null : (1000 * cpu) / (count * streams));
  return [
    name,
    formatNumber(middle("accepted")),
    formatNumber(middle("firstToken")),
    ratio("firstToken"),
    formatNumber(middle("complete")),
    ratio("complete"),
    formatNumber(middle("events")),
    formatKilobytes(middle("bytes")),
    perThousand(middle("events")),
    perThousand(middle("tokens")),
    formatNumber(platformCpu === null ? null : platformCpu / exchanges.length),
  ];
}
