import { type Container, marginAt } from "./containers.ts";
import { readDelimiterRow, splitRow } from "./table.ts";

export type Fence = { mark: string; length: number; margin: number };

/** A block as its line begins it; `length` is what its sign takes up in the line. */
export type Block = Leaf | (Container & { length: number });
export type Leaf = { length: number } & (
  | { kind: "blank" | "text" | "code" | "fence-end" | "rule" | "row" }
  | { kind: "table"; names: string[]; alignments: string[] }
  | { kind: "heading"; level: number }
  | { kind: "fence"; fence: Fence; language: string }
);

export type Position = {
  /** Nothing more will come in this line. */
  ended: boolean;
  margin: number;
  /** A paragraph that the block would interrupt. */
  paragraph: boolean;
  /** The line above, if it may be the header of a table. */
  header: string | undefined;
};

type Rule = {
  sign: RegExp;
  /** What may become one, or something else, when more comes; without it, what matches `sign`. */
  maybe?: RegExp;
  /** Undefined if it is none after all. */
  read(match: RegExpExecArray, position: Position): Block | undefined;
};

/** Columns that make a child of any item. CommonMark wants three after "1."; models write two. */
export const ITEM_INDENT = 2;

const RULES: readonly Rule[] = [
  { sign: /^$/, read: () => ({ kind: "blank", length: 0 }) },
  { sign: /^[|: -]+$/, read: readTable },
  {
    sign: /^([-*_]) *(?:\1 *){2,}$/,
    maybe: /^([-*_]) *(?:\1 *)*$/,
    read: () => ({ kind: "rule", length: 0 }),
  },
  // Certain at its first character: no line is empty here.
  { sign: /^> ?/, maybe: /^$/, read: ([sign]) => ({ kind: "quote", length: sign.length }) },
  {
    sign: /^(?:([-+*])|(\d{1,9})([.)]))(?= |$)(?: +\[([ xX])\] +(?=.))?/,
    maybe: /^(?:[-+*]|\d{1,9}[.)]?)(?: +(?:\[[ xX]?\]? *)?)?$/,
    read: readItem,
  },
  { sign: /^(#{1,6})(?: |$)/, read: readHeading },
  {
    sign: /^(`{3,}|~{3,})(.*)$/,
    maybe: /^(?:`{1,2}|`{3,}[^`]*|~{1,2}|~{3,}.*)$/,
    read: readFence,
  },
  // A row must begin with a pipe: any other would be on the screen before it is known as one.
  { sign: /^\|/, read: () => ({ kind: "row", length: 0 }) },
];

/** The block that begins with `rest`, a line without its margin; undefined if undecided. */
export function readBlock(rest: string, position: Position): Block | undefined {
  for (const { sign, maybe = sign, read } of RULES) {
    if (!position.ended && maybe.test(rest)) return undefined;
    const match = sign.exec(rest);
    const block = match && read(match, position);
    if (block) return block;
  }
  return { kind: "text", length: 0 };
}

function readTable([row]: RegExpExecArray, { header }: Position): Block | undefined {
  const alignments = readDelimiterRow(row);
  const names = splitRow(header ?? "");
  if (!alignments || alignments.length !== names.length) return undefined;
  return { kind: "table", names, alignments, length: 0 };
}

function readItem(match: RegExpExecArray, { margin, paragraph }: Position): Block | undefined {
  const [sign, bullet, number, delimiter = "", tick] = match;
  const { length } = sign;
  const empty = match.input.slice(length).trim() === "";
  // A line of prose may begin with a year or a dash (CommonMark 5.2).
  if (paragraph && (empty || Number(number ?? 1) !== 1)) return undefined;
  const marker = bullet ?? delimiter;
  return { kind: "item", marker, number, tick, indent: margin + ITEM_INDENT, length };
}

/** A heading is read as a whole: number signs at its end are decoration (CommonMark 4.2). */
function readHeading([, { length } = ""]: string[]): Block {
  return { kind: "heading", level: length, length };
}

function readFence([, marks = "", info = ""]: string[], { margin }: Position): Block | undefined {
  const mark = marks.charAt(0);
  if (mark === "`" && info.includes(mark)) return undefined;
  const fence = { mark, length: marks.length, margin };
  return { kind: "fence", fence, language: info.trim().split(/\s/)[0] ?? "", length: 0 };
}

/** A line of a code block, or the end of the block; `at` is where the content around it begins. */
export function readCodeLine(
  line: string,
  fence: Fence,
  { at, ended }: { at: number; ended: boolean },
): Leaf | undefined {
  const margin = marginAt(line, at);
  const rest = line.slice(at + margin).trimEnd();
  const closing = rest.replaceAll(fence.mark, "") === "";
  if (closing && !ended) return undefined;
  const closed = closing && rest.length >= fence.length;
  return { kind: closed ? "fence-end" : "code", length: Math.min(margin, fence.margin) };
}
