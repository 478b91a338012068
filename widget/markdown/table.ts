/** The cells of a table row, trimmed; `\|` is a pipe, in code too (GFM 4.10). */
export function splitRow(line: string): string[] {
  const cells: string[] = [];
  for (const part of line.trim().split("|")) {
    const last = cells.at(-1);
    if (last?.endsWith("\\")) cells[cells.length - 1] = `${last.slice(0, -1)}|${part}`;
    else cells.push(part);
  }
  if (cells[0] === "") cells.shift();
  if (cells.at(-1) === "") cells.pop();
  return cells.map((cell) => cell.trim());
}

/** What the row under a table's header says of each column ("" for nothing), if it is one. */
export function readDelimiterRow(line: string): string[] | undefined {
  const cells = line.includes("|") ? splitRow(line) : [];
  if (cells.length === 0 || !cells.every((cell) => /^:?-+:?$/.test(cell))) return undefined;
  return cells.map((cell) => {
    if (cell.endsWith(":")) return cell.startsWith(":") ? "center" : "right";
    return cell.startsWith(":") ? "left" : "";
  });
}
