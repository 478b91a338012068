import type { Attributes, Sink, Tag } from "./sink.ts";

export type InlineElement = { tag: Tag; attributes?: Attributes; children: InlineNode[] };

/** A run of `*`, `_` or `~` that may open or close emphasis. */
export type Run = {
  mark: string;
  /** Characters written, and those of them not yet used up by a pair. */
  length: number;
  left: number;
  opens: boolean;
  closes: boolean;
  /** False once no opener was found for it: what stands before a run never changes. */
  waits: boolean;
};

/** The start of a link or an image, not yet known to be one. */
export type Bracket = { bracket: "[" | "![" };

export type InlineNode = string | InlineElement | Run | Bracket;

/** What a node that isn't plain text counts: some thirty of them are held back at most. */
const NODE_SIZE = 16;

export function isRun(node: InlineNode | undefined): node is Run {
  return typeof node === "object" && "mark" in node;
}

export function isBracket(node: InlineNode | undefined): node is Bracket {
  return typeof node === "object" && "bracket" in node;
}

/** A run or bracket that found no partner is the text it was written as. */
export function toLiteral(node: InlineNode): string | InlineElement {
  if (isRun(node)) return node.mark.repeat(node.left);
  return isBracket(node) ? node.bracket : node;
}

/** How much is held back: characters, and a fixed price for everything else. */
export function sizeOf(nodes: readonly InlineNode[]): number {
  let size = 0;
  for (const node of nodes) size += typeof node === "string" ? node.length : NODE_SIZE;
  return size;
}

/** Writes the nodes to the sink, but no link in a link: HTML has none. */
export function emit(nodes: readonly InlineNode[], sink: Sink, inLink = false): void {
  for (const node of nodes.map(toLiteral)) {
    if (typeof node === "string") {
      sink.text(node);
      continue;
    }
    const isLink = node.tag === "a";
    if (!isLink || !inLink) sink.open(node.tag, node.attributes);
    emit(node.children, sink, isLink || inLink);
    if (!isLink || !inLink) sink.close();
  }
}
