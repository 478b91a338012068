import { createRun } from "./emphasis.ts";
import { toLink } from "./link.ts";
import type { InlineElement, InlineNode } from "./nodes.ts";
import { decode } from "./references.ts";
import { safeUrl } from "./url.ts";

/** A piece of inline text that is understood whatever comes after it. */
export type Token = { length: number; nodes: InlineNode[] };

/** `before` is the character in front of `rest`; `ended` means that nothing more will come. */
export type Scan = { rest: string; before: string; ended: boolean };

type Rule = {
  /** The token. It is certain once something follows that doesn't belong to it. */
  sign: RegExp;
  /** What may become one. */
  maybe?: RegExp;
  /** How long it may be or wait to become one, in characters; 100 by default. */
  limit?: number;
  /** Undefined if it is none after all. `after` is empty at the end. */
  read(match: string[], around: { before: string; after: string }): Token | undefined;
};

/** The longest address that becomes a link, in characters. */
export const MAX_ADDRESS = 2000;

const BREAK: InlineElement = { tag: "br", children: [] };

const RUN: Rule = { sign: /^([*_~])\1*/, read: readRun };

const RULES: ReadonlyMap<string, Rule> = new Map([
  ["*", RUN],
  ["_", RUN],
  ["~", RUN],
  ["\\", { sign: /^\\([!-/:-@[-`{-~\n])/, maybe: /^\\$/, read: readEscape }],
  [" ", { sign: /^( +)(\n?)/, read: readBlanks }],
  ["`", { sign: /^(`+)(?!`)([^]*?[^`])\1(?!`)/, maybe: /^`/, limit: 500, read: readCode }],
  ["[", { sign: /^\[/, read: () => token(1, { bracket: "[" }) }],
  ["!", { sign: /^!\[/, maybe: /^!$/, read: () => token(2, { bracket: "![" }) }],
  [
    "<",
    {
      sign: /^<(br ?\/?|[^\s<>]+)>/i,
      maybe: /^<([^\s<>]*|br ?\/?)$/i,
      limit: MAX_ADDRESS,
      read: readAngle,
    },
  ],
  ["&", { sign: /^&#?\w+;/, maybe: /^&#?\w{0,5}$/, read: readReference }],
  // A bare address (GFM 6.9) ends at a blank, a bracket, a quote or a full-width sign.
  [
    "h",
    {
      sign: /^https?:\/\/[^\s<>[\]"`\u3000-\u303F\uFF00-\uFFEF]+/,
      maybe: /^h(t(t(ps?(:\/{0,2})?)?)?)?$/,
      limit: MAX_ADDRESS,
      read: readAddress,
    },
  ],
]);

/** The token at the start of `rest`, which isn't empty; undefined if it can't be told yet. */
export function readToken({ rest, before, ended }: Scan): Token | undefined {
  const [text = ""] = /^(?:`+|[^])/u.exec(rest) ?? [];
  const rule = RULES.get(rest.charAt(0));
  const match = rule?.sign.exec(rest);
  const growing = match ? match[0].length === rest.length : rule?.maybe?.test(rest);
  if (growing && !ended && rest.length <= (rule?.limit ?? 100)) return undefined;
  if (!rule || !match || (growing && !ended)) return token(text.length, text);
  const [after = ""] = /^[^]/u.exec(rest.slice(match[0].length)) ?? [];
  return rule.read(match, { before, after }) ?? token(text.length, text);
}

export function token(length: number, ...nodes: InlineNode[]): Token {
  return { length, nodes };
}

function readRun([run = "", mark = ""]: string[], around: { before: string; after: string }) {
  // One tilde means "about" in prose (~5 to ~10), so only two strike through.
  const literal = mark === "~" && run.length !== 2;
  return token(run.length, literal ? run : createRun(run, around));
}

function readEscape([, sign = ""]: string[]): Token {
  return token(2, sign === "\n" ? BREAK : sign);
}

/** Blanks before the end of a line are a hard break or nothing. */
function readBlanks([source = "", blanks = "", newline]: string[], { after }: { after: string }) {
  if (!newline) return token(source.length, after && blanks);
  return token(source.length, blanks.length > 1 ? BREAK : newline);
}

function readCode([source = "", , content = ""]: string[]): Token {
  const code = content.replaceAll("\n", " ");
  const padded = /^ .*[^ ].* $/.test(code);
  return token(source.length, { tag: "code", children: [padded ? code.slice(1, -1) : code] });
}

/** `<https://…>`, `<someone@example.com>` and `<br>`; any other HTML is shown as it is written. */
function readAngle([source = "", label = ""]: string[]): Token | undefined {
  if (/^br\W*$/i.test(label)) return token(source.length, BREAK);
  const address = /^[\w.+-]+@[\w.-]+$/.test(label) ? `mailto:${label}` : label;
  return safeUrl(address) ? token(source.length, ...toLink([label], address)) : undefined;
}

function readReference([source = ""]: string[]): Token {
  return token(source.length, decode(source));
}

/** Punctuation at the end belongs to the sentence, and so does `)` without its `(`. */
function readAddress([source = ""]: string[], { before }: { before: string }): Token | undefined {
  const [address = ""] = /^(?:[^()]|\([^()]*\))*(?:[^()?!.,:;*_~']|\([^()]*\))/.exec(source) ?? [];
  if (/\w/.test(before) || !safeUrl(address)) return undefined;
  return token(address.length, ...toLink([address], address));
}
