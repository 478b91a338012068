import { parseInline } from "./inline.ts";
import { type TreeElement, AUTO, element } from "./tree.ts";

/** A row must begin with a pipe: any other would be on the screen before it is known as one. */
export const ROW = /^ *\|/;

/** The cells of a table row, trimmed; `\|` is a pipe, in code too (GFM 4.10). */
export function splitRow(line: string): string[] {
  const row = line.trim().replace(/^\||(?<!\\)\|$/g, "");
  return row.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** How the columns of a table are aligned that two lines begin, "" being the default. */
export function readAlignments(header: string, delimiters = ""): string[] | undefined {
  if (!ROW.test(header) || !delimiters.includes("|")) return undefined;
  const cells = splitRow(delimiters);
  const isWhole = cells.length === splitRow(header).length;
  if (!isWhole || !cells.every((cell) => /^:?-+:?$/.test(cell))) return undefined;
  return cells.map((cell) =>
    cell.endsWith(":") ? (cell.startsWith(":") ? "center" : "right") : "",
  );
}

/** Cells that a row lacks are empty, cells too many are dropped. `isOpen`: as in `parseInline`. */
export function createTable(
  [header = "", ...lines]: readonly string[],
  alignments: readonly string[],
  isOpen: boolean,
): TreeElement {
  function createRow(line: string, tag: string, isOpen: boolean): TreeElement {
    const cells = splitRow(line);
    const row = alignments.map((alignment, column) => {
      const cell = cells[column] ?? "";
      // An empty cell heads nothing.
      const name = cell ? tag : "td";
      return element(name, parseInline(cell, isOpen), alignment ? { class: alignment } : {});
    });
    return element("tr", row);
  }

  const head = createRow(header, "th", false);
  const rows = lines.map((line, index) => createRow(line, "td", isOpen && !lines[index + 1]));
  const table = element("table", [element("thead", [head]), element("tbody", rows)]);
  // As with code: what scrolls is no stop of the Tab key, its content may be one.
  return element("div", [table], { ...AUTO, class: "table", tabindex: "-1" });
}
