import { createRun } from "./emphasis.ts";
import { toLink } from "./link.ts";
import type { InlineNode } from "./nodes.ts";
import { decodeReference } from "./references.ts";
import { safeUrl } from "./url.ts";

/** A piece of inline text that needs no further input to be understood. */
export type Token = { length: number; nodes: InlineNode[] };

/** `before` is the character in front of `rest`; `final` means nothing more will come. */
export type Scan = { rest: string; before: string; final: boolean };

/** Undefined: undecided, ask again when there is more. */
type Reader = (scan: Scan) => Token | undefined;

/** Characters that may wait to be understood; a link's address is the longest such wait. */
export const MAX_UNREAD = 2000;
/** How long a backtick may wait for its partner, in characters. */
const MAX_CODE = 500;

const READERS: ReadonlyMap<string, Reader> = new Map([
  ["\\", readEscape],
  [" ", readBlanks],
  ["`", readCode],
  ["*", readRun],
  ["_", readRun],
  ["~", readRun],
  ["[", () => token(1, { bracket: "[" })],
  ["!", readImageStart],
  ["<", readAngle],
  ["&", readReference],
  ["h", readAddress],
]);

/** The token at the start of `rest`, which isn't empty; undefined if it can't be told yet. */
export function readToken(scan: Scan): Token | undefined {
  const character = String.fromCodePoint(scan.rest.codePointAt(0) ?? 0);
  return (READERS.get(character) ?? readText)(scan);
}

export function token(length: number, ...nodes: InlineNode[]): Token {
  return { length, nodes };
}

function readText({ rest }: Scan): Token {
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  return token(character.length, character);
}

function readEscape({ rest, final }: Scan): Token | undefined {
  const next = rest[1];
  if (next === undefined && !final) return undefined;
  if (next === "\n") return token(2, { tag: "br", children: [] });
  return next && /[!-/:-@[-`{-~]/.test(next) ? token(2, next) : token(1, "\\");
}

/** Blanks before a line's end are a hard break or nothing. */
function readBlanks({ rest, final }: Scan): Token | undefined {
  const { length } = /^ +/.exec(rest)?.[0] ?? "";
  if (length === rest.length) return final ? token(length) : undefined;
  if (rest[length] !== "\n") return token(length, rest.slice(0, length));
  return token(length + 1, length > 1 ? { tag: "br", children: [] } : "\n");
}

function readCode(scan: Scan): Token | undefined {
  const { rest } = scan;
  const final = scan.final || rest.length > MAX_CODE;
  const fence = /^`+/.exec(rest)?.[0] ?? "";
  for (const run of rest.matchAll(/`+/g)) {
    const end = run.index + run[0].length;
    if (end === rest.length && !final) return undefined;
    if (run.index === 0 || run[0] !== fence) continue;
    const code = rest.slice(fence.length, run.index).replaceAll("\n", " ");
    const padded = /^ .*[^ ].* $/.test(code);
    return token(end, { tag: "code", children: [padded ? code.slice(1, -1) : code] });
  }
  return final ? token(fence.length, fence) : undefined;
}

function readRun({ rest, before, final }: Scan): Token | undefined {
  const mark = rest[0] ?? "";
  let length = 1;
  while (rest[length] === mark) length++;
  if (length === rest.length && !final) return undefined;
  // One tilde means "about" in prose (~5 to ~10), so only two strike through.
  if (mark === "~" && length !== 2) return token(length, rest.slice(0, length));
  const after = rest.codePointAt(length);
  return token(
    length,
    createRun(mark, length, [before, after ? String.fromCodePoint(after) : "\n"]),
  );
}

function readImageStart({ rest, final }: Scan): Token | undefined {
  if (rest.length === 1 && !final) return undefined;
  return rest[1] === "[" ? token(2, { bracket: "![" }) : token(1, "!");
}

/** `<https://…>`, `<someone@example.com>` and `<br>`; any other HTML is shown as it is written. */
function readAngle({ rest, final }: Scan): Token | undefined {
  if (!final && /^<(?:[^\s<>]*|br ?\/?)$/i.test(rest)) return undefined;
  const lineBreak = /^<br ?\/?>/i.exec(rest);
  if (lineBreak) return token(lineBreak[0].length, { tag: "br", children: [] });
  const [source = "", label = ""] = /^<([^\s<>]+)>/.exec(rest) ?? [];
  const address = /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/.test(label) ? `mailto:${label}` : label;
  return safeUrl(address) ? linkToken(source.length, label, address) : token(1, "<");
}

function readReference({ rest, final }: Scan): Token | undefined {
  if (!final && /^&#?\w{0,7}$/.test(rest)) return undefined;
  const [source = "", name = ""] = /^&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]+);/i.exec(rest) ?? [];
  const character = decodeReference(name);
  return character ? token(source.length, character) : token(1, "&");
}

/** A bare address (GFM 6.9) ends at a blank, bracket, quote or full-width sign. */
function readAddress(scan: Scan): Token | undefined {
  const { rest, before, final } = scan;
  if (/\w/.test(before)) return readText(scan);
  if (!final && ["http://", "https://"].some((start) => start.startsWith(rest))) return undefined;
  const source = /^https?:\/\/[^\s<>[\]"`\u3000-\u303F\uFF00-\uFFEF]+/.exec(rest)?.[0] ?? "";
  if (!source || source.length > MAX_UNREAD) return readText(scan);
  if (source.length === rest.length && !final) return undefined;
  const address = withoutTrailingSigns(source);
  return safeUrl(address) ? linkToken(address.length, address, address) : readText(scan);
}

/** Punctuation at the end belongs to the sentence, and so does `)` without its `(`. */
function withoutTrailingSigns(source: string): string {
  let address = source;
  while (/[?!.,:;*_~']$/.test(address) || /^[^(]*\)$/.test(address.replace(/\([^()]*\)/g, ""))) {
    address = address.slice(0, -1);
  }
  return address;
}

function linkToken(length: number, label: string, address: string): Token {
  return token(length, ...[toLink([label], address)].flat());
}
