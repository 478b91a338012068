import { type Fence, ITEM_INDENT, type Leaf, readBlock, readCodeLine } from "./block-start.ts";
import { type Container, type Place, marginAt, matchContainers } from "./containers.ts";

/** Of the open containers the first `kept` go on, `opens` begin; the content starts at `at`. */
export type LineStart = { kept: number; opens: Container[]; block: Leaf; at: number };

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
    return { kept: containers.length, opens: [], block: { kind, length: 0 }, at: 0 };
  }
  const place = matchContainers(line, containers);
  if (!fence || place.kept < containers.length) return readBlocks(line, place, context, ended);
  const block = readCodeLine(line, fence, { at: place.at, ended });
  return block && { kept: place.kept, opens: [], block, at: place.at + block.length };
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
    const block = readBlock(line.slice(at), {
      ended,
      margin: at - base,
      paragraph: direct && context.paragraph,
      header: direct ? context.header : undefined,
    });
    if (!block) return undefined;
    const contains = block.kind === "quote" || block.kind === "item";
    if (!contains) return { kept, opens, block, at: at + block.length };
    if (kept + opens.length >= MAX_DEPTH) {
      return { kept, opens, block: { kind: "text", length: 0 }, at };
    }
    opens.push(block);
    base = at + (block.kind === "quote" ? block.length : ITEM_INDENT);
    at += block.length;
  }
}
