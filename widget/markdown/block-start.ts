import { type Container, type Item, marginAt } from "./containers.ts";
import { readDelimiterRow, splitRow } from "./table.ts";

export type Fence = { mark: string; length: number; margin: number };

/** What a line is, once its beginning (or, for some, all of it) is known. */
export type Block =
  | { kind: "blank" | "text" | "code" | "fence-end" | "rule" | "row" }
  | { kind: "table"; alignments: string[] }
  | { kind: "heading"; level: number }
  | { kind: "fence"; fence: Fence; language: string };

/** `length` is what the sign of the block takes up in the line. */
export type LeafStart = { block: Block; length: number };
export type BlockStart = LeafStart | { container: Container; length: number };

export type Position = {
  /** Nothing more will come in this line. */
  ended: boolean;
  margin: number;
  /** A paragraph that the block would interrupt. */
  paragraph: boolean;
  /** The line above, if it may be the header of a table. */
  header: string | undefined;
};

/** Null: it is none; undefined: that can't be told yet. */
type Reader = (rest: string, position: Position) => BlockStart | null | undefined;

const READERS: readonly Reader[] = [
  readBlank,
  readTable,
  readRule,
  readQuote,
  readItem,
  readHeading,
  readFence,
  readRow,
];

/** Columns that make a child of any item. CommonMark wants three after "1."; models write two. */
export const ITEM_INDENT = 2;

/** The block that begins with `rest`, a line without its margin; undefined if undecided. */
export function readBlockStart(rest: string, position: Position): BlockStart | undefined {
  for (const read of READERS) {
    const start = read(rest, position);
    if (start !== null) return start;
  }
  return { block: { kind: "text" }, length: 0 };
}

function readBlank(rest: string, { ended }: Position): BlockStart | null | undefined {
  if (rest !== "") return null;
  return ended ? { block: { kind: "blank" }, length: 0 } : undefined;
}

function readTable(rest: string, { header, ended }: Position): BlockStart | null | undefined {
  if (header === undefined || !/^[|: -]+$/.test(rest)) return null;
  if (!ended) return undefined;
  const alignments = readDelimiterRow(rest);
  if (alignments?.length !== splitRow(header).length) return null;
  return { block: { kind: "table", alignments }, length: rest.length };
}

function readRule(rest: string, { ended }: Position): BlockStart | null | undefined {
  if (!/^([-*_]) *(?:\1 *)*$/.test(rest)) return null;
  if (!ended) return undefined;
  const marks = rest.replaceAll(" ", "").length;
  return marks < 3 ? null : { block: { kind: "rule" }, length: rest.length };
}

function readQuote(rest: string): BlockStart | null {
  if (!rest.startsWith(">")) return null;
  return { container: { kind: "quote" }, length: rest[1] === " " ? 2 : 1 };
}

function readItem(rest: string, position: Position): BlockStart | null | undefined {
  const { ended, margin, paragraph } = position;
  if (!ended && /^(?:[-+*]|\d{1,9}[.)]?)$/.test(rest)) return undefined;
  const [sign, bullet, digits, delimiter] = /^(?:([-+*])|(\d{1,9})([.)]))(?= |$)/.exec(rest) ?? [];
  const marker = bullet ?? delimiter;
  if (sign === undefined || marker === undefined) return null;
  const content = rest.slice(sign.length).trimStart();
  if (!ended && (content === "" || /^\[[ xX]?\]? *$/.test(content))) return undefined;
  // A line of prose may begin with a year or a dash (CommonMark 5.2).
  if (paragraph && (content === "" || (digits !== undefined && Number(digits) !== 1))) return null;
  const [box, tick] = /^ +\[([ xX])\] (?=.)/.exec(rest.slice(sign.length)) ?? [];
  const item: Item = {
    kind: "item",
    marker,
    number: digits === undefined ? undefined : Number(digits),
    done: tick === undefined ? undefined : tick !== " ",
    indent: margin + ITEM_INDENT,
  };
  return { container: item, length: sign.length + (box?.length ?? 0) };
}

function readHeading(rest: string, { ended }: Position): BlockStart | null | undefined {
  if (!ended && /^#{1,6} *$/.test(rest)) return undefined;
  const [sign, hashes] = /^(#{1,6})(?: +|$)/.exec(rest) ?? [];
  if (sign === undefined || hashes === undefined) return null;
  return { block: { kind: "heading", level: hashes.length }, length: sign.length };
}

function readFence(rest: string, { ended, margin }: Position): BlockStart | null | undefined {
  if (!ended && /^(?:`{1,2}|`{3,}[^`]*|~{1,2}|~{3,}.*)$/.test(rest)) return undefined;
  const [, marks, info] = /^(`{3,}|~{3,})(.*)$/.exec(rest) ?? [];
  if (marks === undefined || info === undefined) return null;
  const mark = marks.charAt(0);
  if (mark === "`" && info.includes(mark)) return null;
  const fence = { mark, length: marks.length, margin };
  const language = info.trim().split(/\s/)[0] ?? "";
  return { block: { kind: "fence", fence, language }, length: rest.length };
}

/** Only rows that begin with a pipe: any other would be on the screen before it is known as one. */
function readRow(rest: string, { ended }: Position): BlockStart | null | undefined {
  if (!rest.startsWith("|")) return null;
  return ended ? { block: { kind: "row" }, length: 0 } : undefined;
}

/** A line of a code block, or the end of the block; `at` is where the content around it begins. */
export function readCodeLine(
  line: string,
  fence: Fence,
  { at, ended }: { at: number; ended: boolean },
): LeafStart | undefined {
  const margin = marginAt(line, at);
  const rest = line.slice(at + margin).trimEnd();
  const closing = rest.replaceAll(fence.mark, "") === "";
  if (closing && !ended) return undefined;
  const closed = closing && rest.length >= fence.length && margin <= fence.margin + 3;
  return {
    block: { kind: closed ? "fence-end" : "code" },
    length: Math.min(margin, fence.margin),
  };
}
