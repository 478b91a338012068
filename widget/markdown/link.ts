import { type InlineElement, type InlineNode, withoutLinks } from "./nodes.ts";
import { decode } from "./references.ts";
import { safeUrl } from "./url.ts";

/** What follows a label: `(address "title")`; `end` is the index after the parenthesis. */
export type Target = { address: string; title: string; end: number };

const MAX_PARENTHESES = 32;
const TITLE_ENDS: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ["(", ")"],
]);

/**
 * Reads the target of a link whose opening parenthesis is before `from` (CommonMark 6.3): null if
 * it is none, undefined if that can't be told before more text has come.
 */
export function readTarget(text: string, from: number): Target | null | undefined {
  const start = skipBlanks(text, from);
  const bracketed = text[start] === "<";
  const end = bracketed ? endOfBracketed(text, start + 1) : endOfAddress(text, start);
  if (end === null || end === undefined) return end;
  const address = decode(bracketed ? text.slice(start + 1, end - 1) : text.slice(start, end));
  const next = skipBlanks(text, end);
  if (text[next] === ")") return { address, title: "", end: next + 1 };
  if (next === text.length) return undefined;
  return next > end ? readTitle(text, next, address) : null;
}

function readTitle(text: string, start: number, address: string): Target | null | undefined {
  const quote = TITLE_ENDS.get(text[start] ?? "");
  if (!quote) return null;
  let end = start + 1;
  while (end < text.length && text[end] !== quote) end += text[end] === "\\" ? 2 : 1;
  const close = skipBlanks(text, end + 1);
  if (close >= text.length) return undefined;
  return text[close] === ")"
    ? { address, title: decode(text.slice(start + 1, end)), end: close + 1 }
    : null;
}

function endOfBracketed(text: string, start: number): number | null | undefined {
  for (let at = start; at < text.length; at += text[at] === "\\" ? 2 : 1) {
    if (text[at] === ">") return at + 1;
    if (text[at] === "<" || text[at] === "\n") return null;
  }
  return undefined;
}

function endOfAddress(text: string, start: number): number | null | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at += text[at] === "\\" ? 2 : 1) {
    const character = text[at] ?? "";
    if (character === "(" && ++depth > MAX_PARENTHESES) return null;
    if (character === ")" && --depth < 0) return at;
    if (character <= " ") return depth > 0 ? null : at;
  }
  return undefined;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\t") at++;
  return at;
}

/** A link around `children`, or `children` alone if the address must not become a link. */
export function toLink(
  children: InlineNode[],
  address: string,
  title = "",
): InlineElement | InlineNode[] {
  const href = safeUrl(address);
  if (!href) return children;
  const label = withoutLinks(children);
  return {
    tag: "a",
    attributes: title ? { href, title } : { href },
    children: label.length > 0 ? label : [href],
  };
}
