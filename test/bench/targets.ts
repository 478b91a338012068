import { formatNumber } from "./format.ts";
import { renderTable, type Row } from "./table.ts";

/** What was measured, and the most that it should be. */
export type Target = { name: string; value: number; most: number };

/** Says of each whether it was missed; what was not measured is. */
export function renderTargets(title: string, targets: readonly Target[]): string {
  const rows = targets.map(({ name, value, most }): Row => [
    name,
    formatNumber(value),
    `≤ ${formatNumber(most)}`,
    value <= most ? "" : "missed",
  ]);
  return renderTable(title, ["", "measured", "target", ""], rows);
}
