import type { Attributes, Sink } from "./sink.ts";

export type InlineElement = { tag: string; attributes?: Attributes; children: InlineNode[] };

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

/** What a node that isn't plain text counts when held back: at most 32 of them wait in a row. */
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

/** The same nodes with every link replaced by its label: HTML has no links in links. */
export function withoutLinks(nodes: readonly InlineNode[]): InlineNode[] {
  return nodes.flatMap((node) => {
    if (typeof node === "string" || !("tag" in node)) return [node];
    const children = withoutLinks(node.children);
    return node.tag === "a" ? children : [{ ...node, children }];
  });
}

export function emit(nodes: readonly InlineNode[], sink: Sink): void {
  for (const node of nodes.map(toLiteral)) {
    if (typeof node === "string") {
      sink.text(node);
      continue;
    }
    sink.open(node.tag, node.attributes);
    emit(node.children, sink);
    sink.close();
  }
}
