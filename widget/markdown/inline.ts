import { type Node, createRun, pairRuns } from "./emphasis.ts";
import { decode } from "./references.ts";
import { type Tree, type TreeElement, element } from "./tree.ts";
import { safeUrl } from "./url.ts";

/** With brackets that pair up, and code spans; a link in it is taken for its text. */
const LABEL = /((?:\\.|`[^`]*`|!?\[[^[\]]*\](?:\([^\s()]*\))?|[^[\]\\`]){0,999})/;
/** `(address "title")` or `(<address> "title")`; parentheses in an address pair up. */
const TARGET =
  /\(\s*(?:(?:<([^<>\n]*)>|((?:\\.|[^\s()\\]|\((?:\\.|[^\s()\\]|\([^\s()]*\))*\)){1,2000}))(?:\s+["'(](.{0,500}?)["')])?\s*)?\)/;
/** A link that ends with the text, though it isn't complete. */
const UNFINISHED = /([^[\]\n]{1,200})(?:\](?:\((?:<[^>\n]*>?|\S{0,999})(?:\s+["'(].{0,500})?)?)?$/;

/** Whatever isn't plain text. */
const TOKEN = new RegExp(
  [
    /\\[!-/:-@[-`{-~\n]|&#?\w+;|(?<! ) *\n/,
    /(`+)(?:([^]{0,2000}?[^`])\1(?!`))?/,
    // With the characters around it.
    /(?<mark>[*_~])(?<=([^]?)[*_~])\k<mark>*(?=([^]?))/,
    new RegExp(`!?\\[(?:${LABEL.source}\\]${TARGET.source}|${UNFINISHED.source})`),
    /<([bB][rR] ?\/?|[^\s<>]+)>/,
    // A bare address (GFM 6.9) ends at a blank, a bracket, a quote or a full-width sign.
    /((?<!\w)https?:\/\/[^\s<>[\]"`\u3000-\u303F\uFF00-\uFFEF]+)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gsu",
);
/** Punctuation at the end belongs to the sentence, and so does `)` without its `(`. */
const ADDRESS = /^(?:[^()]|\([^()]*\))*(?:[^()?!.,:;*_~']|\([^()]*\))/;
const EMAIL = /^[\w.+-]+@[\w.-]+$/;
/** Signs at the end that may get a meaning. */
const HELD = /(?:[*_~`[\\]|!\[|<[^\s<>]*|&#?\w*|\bhttps?:?\/{0,2})+$/;
/** An unclosed sign further back than this, in characters, is more likely to be text. */
const NEAR = 200;

const REL = "noopener noreferrer nofollow";

/**
 * Parses the text of one paragraph, heading or cell. `isOpen`: more may come, and what is unclosed
 * near the end is taken as if it were closed there, so that no signs flash up. `isLabel`: in a
 * link, where no other can be.
 */
export function parseInline(source: string, isOpen: boolean, isLabel = false): Tree[] {
  const nodes: Node[] = [];
  let text = source.trimEnd();
  if (isOpen) text = text.slice(0, -NEAR) + text.slice(-NEAR).replace(HELD, "");
  let at = 0;

  function createLink(children: Tree[], address: string, title = ""): Tree[] {
    const href = safeUrl(address);
    if (isLabel || !href) return children;
    const attributes = { href, target: "_blank", rel: REL, ...(title && { title }) };
    return [element("a", children.length > 0 ? children : [href], attributes)];
  }

  function readToken(match: RegExpExecArray): readonly Node[] {
    const [token, ticks, code, mark, before, after, ...others] = match;
    const [label, bracketed, plain, title, unfinished, angle, address] = others;
    if (token.endsWith("\n")) return /^ ?\n$/.test(token) ? ["\n"] : [element("br")];
    if (code) return [toCode(code)];
    if (ticks && isOpen) {
      at = text.length;
      return [toCode(text.slice(match.index + ticks.length))];
    }
    if (mark) {
      // One tilde means "about" in prose (~5 to ~10), so only two strike through.
      return [mark === "~" && token.length !== 2 ? token : createRun(token, before, after)];
    }
    if (label !== undefined) {
      const target = decode(bracketed ?? plain ?? "");
      return createLink(parseInline(label, false, true), target, decode(title ?? ""));
    }
    if (unfinished && isOpen) return [element("a", parseInline(unfinished, true, true))];
    if (address) {
      const [label = ""] = ADDRESS.exec(address) ?? [];
      const isUnfinished = isOpen && at === text.length;
      at += label.length - address.length;
      return isUnfinished ? [element("a", [label])] : createLink([label], label);
    }
    if (angle) {
      if (/^br\W*$/i.test(angle)) return [element("br")];
      const link = createLink([angle], angle.replace(EMAIL, "mailto:$&"));
      if (typeof link[0] === "object") return link;
    }
    if (/^[\\&]/.test(token)) return [decode(token)];
    const literal = ticks ?? token.charAt(0);
    at = match.index + literal.length;
    return [literal];
  }

  for (;;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    nodes.push(text.slice(at, match?.index));
    if (!match) return pairRuns(nodes, isOpen);
    at = match.index + match[0].length;
    nodes.push(...readToken(match));
  }
}

/** A blank on each side only keeps backticks apart. */
function toCode(source: string): TreeElement {
  const code = source.replaceAll("\n", " ");
  return element("code", [code.replace(/^ (.*[^ ].*) $/, "$1")]);
}
