/** One row: what it is about, then its values, ready to print. */
export type Row = readonly [name: string, ...values: string[]];

/** Aligned text with a title over it: names to the left, values to the right. */
export function renderTable(title: string, header: Row, rows: readonly Row[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => toWidth(row[column]))));
  const lines = all.map((row) => row.map((cell, column) => pad(cell, column, widths)).join("  "));
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  const [head = "", ...body] = lines.map((line) => line.trimEnd());
  return [title, "", head, rule, ...body].join("\n");
}

function pad(cell: string, column: number, widths: readonly number[]): string {
  const blanks = " ".repeat((widths[column] ?? 0) - toWidth(cell));
  return column === 0 ? cell + blanks : blanks + cell;
}

/** In characters as people count them. */
const toWidth = (cell = ""): number => [...cell].length;
