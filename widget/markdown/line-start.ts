import {
  type Block,
  type Fence,
  ITEM_INDENT,
  readBlockStart,
  readCodeLine,
} from "./block-start.ts";
import { type Container, type Place, marginAt, matchContainers } from "./containers.ts";

/** Of the open containers the first `kept` go on, `opens` begin; the content starts at `at`. */
export type LineStart = { kept: number; opens: Container[]; block: Block; at: number };

/** What the lines above left open: containers and, in the innermost one, a leaf. */
export type Context = {
  containers: readonly Container[];
  paragraph: boolean;
  fence: Fence | undefined;
  /** A line that is the header of a table if this one is its delimiter row. */
  header: string | undefined;
};

/** Quotes and lists in each other; deeper ones are text. */
const MAX_DEPTH = 16;
/** A line that is still undecided at this length, in characters, is text. */
const MAX_LINE = 2000;

/**
 * Understands the beginning of a line; undefined if that takes more of it, never when `ended`.
 * CommonMark 4 and 5 without setext headings (they would change what is on the screen), indented
 * code (models indent for looks), HTML blocks and link definitions.
 */
export function readLineStart(
  line: string,
  context: Context,
  ended: boolean,
): LineStart | undefined {
  const { containers, fence } = context;
  if (line.length > MAX_LINE && !ended) {
    const kind = fence ? "code" : "text";
    return { kept: containers.length, opens: [], block: { kind }, at: 0 };
  }
  const place = matchContainers(line, containers);
  if (!fence || place.kept < containers.length) return readBlocks(line, place, context, ended);
  const start = readCodeLine(line, fence, { at: place.at, ended });
  return start && { ...place, opens: [], block: start.block, at: place.at + start.length };
}

/** The containers that begin in this line, and the leaf in them. */
function readBlocks(
  line: string,
  place: Place,
  context: Context,
  ended: boolean,
): LineStart | undefined {
  const { kept } = place;
  const opens: Container[] = [];
  let { at } = place;
  let base = at;
  for (;;) {
    const direct = kept === context.containers.length && opens.length === 0;
    at += marginAt(line, at);
    const start = readBlockStart(line.slice(at), {
      ended,
      margin: at - base,
      paragraph: direct && context.paragraph,
      header: direct ? context.header : undefined,
    });
    if (!start) return undefined;
    if ("block" in start) return { kept, opens, block: start.block, at: at + start.length };
    if (kept + opens.length >= MAX_DEPTH) return { kept, opens, block: { kind: "text" }, at };
    opens.push(start.container);
    base = at + (start.container.kind === "quote" ? start.length : ITEM_INDENT);
    at += start.length;
  }
}
