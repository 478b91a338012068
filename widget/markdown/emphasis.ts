import { type Tree, type TreeElement, element } from "./tree.ts";

/** A run of signs that is text unless it finds its partner: of `*`, `_` or `~`, or a bracket. */
export type Run = {
  tag?: undefined;
  mark: string;
  /** Characters written, and those of them not yet used up by a pair. */
  length: number;
  left: number;
  opens: boolean;
  closes: boolean;
};

export type Node = string | TreeElement | Run;

/** Elements in each other, and runs that wait for a partner. */
const MAX_WAITING = 32;

const PUNCTUATION = /[\p{P}\p{S}]/u;
/**
 * Chinese, Japanese and Korean put no blanks between words, so their letters, which have no case,
 * don't count as parts of one: `**注意：**商品` is strong.
 * https://github.com/commonmark/commonmark-spec/issues/650
 */
const LETTER = /[\p{Lu}\p{Ll}\p{N}]/u;

/** A run between two characters, "" being an edge: CommonMark 6.2, "flanking". */
export function createRun(run: string, before = "", after = ""): Run {
  const { length } = run;
  const mark = run.charAt(0);
  const opens = faces(after, before);
  const closes = faces(before, after);
  const inWord = mark === "_" && opens && closes;
  return {
    mark,
    length,
    left: length,
    opens: opens && (!inWord || PUNCTUATION.test(before)),
    closes: closes && (!inWord || PUNCTUATION.test(after)),
  };
}

function faces(side: string, other: string): boolean {
  return /\S/.test(side) && (!PUNCTUATION.test(side) || !LETTER.test(other));
}

/** Turns pairs of runs into elements, other runs into text. `isOpen`: the end closes all of them. */
export function pairRuns(nodes: readonly Node[], isOpen: boolean): Tree[] {
  const paired: Node[] = [];
  let openers: Run[] = [];

  function close(closer: Run): void {
    while (closer.left > 0) {
      const at = openers.findLastIndex((opener) => fits(opener, closer));
      const opener = openers[at];
      if (!opener) return;
      const used = Math.min(opener.left, closer.left, 2);
      const children = toTree(paired.splice(paired.lastIndexOf(opener) + 1));
      opener.left -= used;
      closer.left -= used;
      openers = openers.slice(0, at);
      if (opener.left > 0) openers.push(opener);
      else paired.pop();
      paired.push(element(opener.mark === "~" ? "del" : used > 1 ? "strong" : "em", children));
    }
  }

  for (const node of nodes) {
    const run = isRun(node) ? node : undefined;
    if (run?.closes) close(run);
    if (run?.left !== 0) paired.push(node);
    if (run?.opens && run.left > 0) openers = [...openers.slice(1 - MAX_WAITING), run];
  }
  for (const opener of openers.toReversed()) if (isOpen) close({ ...opener });
  return toTree(paired);
}

function fits(opener: Run, closer: Run): boolean {
  // The rule of three keeps `*foo**bar*` one emphasis around two asterisks.
  const sum = opener.length + closer.length;
  const isMisfit = (opener.closes || closer.opens) && sum % 3 === 0 && opener.length % 3 > 0;
  return opener.mark === closer.mark && !isMisfit;
}

function isRun(node: Node): node is Run {
  return typeof node === "object" && node.tag === undefined;
}

/** Runs as the text they were written as, and text in one piece. */
function toTree(nodes: readonly Node[]): Tree[] {
  const tree: Tree[] = [];
  for (const node of nodes) {
    const part = isRun(node) ? node.mark.repeat(node.left) : node;
    const last = tree.at(-1);
    if (typeof part === "string" && typeof last === "string") tree[tree.length - 1] = last + part;
    else if (part) tree.push(part);
  }
  return tree;
}
