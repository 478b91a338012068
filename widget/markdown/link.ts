import type { InlineNode } from "./nodes.ts";
import { decode } from "./references.ts";
import { safeUrl } from "./url.ts";

/** What follows a label: `(address "title")`; `length` is that of its source. */
export type Target = { address: string; title: string; length: number };

/** `<address>`, or an address without blanks whose parentheses pair up (three deep at most). */
const ADDRESS =
  /<((?:\\.|[^<>\\\n])*)>|((?:\\.|[^\s()\\]|\((?:\\.|[^\s()\\]|\((?:\\.|[^\s()\\])*\))*\))+)/;
const TITLE = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\((?:\\.|[^()\\])*\)/;
const TARGET = new RegExp(
  `^\\(\\s*(?:(?:${ADDRESS.source})(?:\\s+(${TITLE.source}))?\\s*)?\\)`,
  "s",
);
/** What may become a target when more comes. */
const UNFINISHED = /^(?:\(\s*(?:(?:<[^<>\n]*>?|[^\s<]\S*)(?:\s+(?:["'(].*)?)?)?)?$/s;

const REL = "noopener noreferrer nofollow";

/** Reads `(address "title")` (CommonMark 6.3): null if it is none, undefined if undecided. */
export function readTarget(text: string): Target | null | undefined {
  const match = TARGET.exec(text);
  if (!match) return UNFINISHED.test(text) ? undefined : null;
  const [source, bracketed, plain = "", title = ""] = match;
  return {
    address: decode(bracketed ?? plain),
    title: decode(title.slice(1, -1)),
    length: source.length,
  };
}

/** A link around `children`, or `children` alone if the address must not become a link. */
export function toLink(children: InlineNode[], address: string, title = ""): InlineNode[] {
  const href = safeUrl(address);
  if (!href) return children;
  const attributes = { href, target: "_blank", rel: REL, ...(title && { title }) };
  return [{ tag: "a", attributes, children: children.length > 0 ? children : [href] }];
}
