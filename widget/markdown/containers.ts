/** A block that holds blocks. Columns are counted from where the container around it begins. */
export type Container = Quote | Item;
export type Quote = { kind: "quote" };
export type Item = {
  kind: "item";
  /** `-`, `+`, `*`, `.` or `)`: another sign starts another list. */
  marker: string;
  /** The item's number, in an ordered list. */
  number: string | undefined;
  /** What is in the box of a task: a blank, or an x. */
  tick: string | undefined;
  /** Columns a line must be indented by to belong to the item. */
  indent: number;
};

/** How many containers a line stays in, and where in the line their content begins. */
export type Place = { kept: number; at: number };

/** The number of blanks at `from`. */
export function marginAt(line: string, from: number): number {
  let at = from;
  while (line[at] === " ") at++;
  return at - from;
}

/** Walks down the open containers as far as the beginning of the line continues them. */
export function matchContainers(line: string, containers: readonly Container[]): Place {
  let at = 0;
  let kept = 0;
  for (const container of containers) {
    const margin = marginAt(line, at);
    if (container.kind === "quote") {
      if (line[at + margin] !== ">") break;
      at += margin + (line[at + margin + 1] === " " ? 2 : 1);
    } else {
      const blank = at + margin === line.length;
      if (margin < container.indent && !blank) break;
      at += Math.min(margin, container.indent);
    }
    kept++;
  }
  return { kept, at };
}
