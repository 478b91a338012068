import { type InlineElement, type InlineNode, type Run, isRun, toLiteral } from "./nodes.ts";

const PUNCTUATION = /[\p{P}\p{S}]/u;
/**
 * Chinese, Japanese and Korean put no blanks between words, so their letters don't count as parts
 * of one: `**注意：**商品` is strong. https://github.com/commonmark/commonmark-spec/issues/650
 */
const LETTER = /[^\s\p{P}\p{S}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;

/** A run between two characters, "" being an edge: CommonMark 6.2, "flanking". */
export function createRun(run: string, { before, after }: { before: string; after: string }): Run {
  const mark = run.charAt(0);
  const opens = faces(after, before);
  const closes = faces(before, after);
  const inWord = mark === "_" && opens && closes;
  return {
    mark,
    length: run.length,
    left: run.length,
    opens: opens && (!inWord || PUNCTUATION.test(before)),
    closes: closes && (!inWord || PUNCTUATION.test(after)),
    waits: true,
  };
}

function faces(side: string, other: string): boolean {
  return /\S/.test(side) && (!PUNCTUATION.test(side) || !LETTER.test(other));
}

/** Turns pairs of runs among `nodes` into elements, in place. */
export function pairRuns(nodes: InlineNode[]): void {
  for (let index = 0; index < nodes.length; index++) {
    const closer = nodes[index];
    if (!isRun(closer) || !closer.closes || !closer.waits) continue;
    const start = findOpener(nodes.slice(0, index), closer);
    const opener = nodes[start];
    closer.waits = isRun(opener);
    if (!isRun(opener)) continue;
    const used = Math.min(opener.left, closer.left, 2);
    opener.left -= used;
    closer.left -= used;
    const tag = closer.mark === "~" ? "del" : used === 2 ? "strong" : "em";
    const element: InlineElement = { tag, children: nodes.slice(start + 1, index).map(toLiteral) };
    const rest = [opener, element, closer].filter((node) => !isRun(node) || node.left > 0);
    nodes.splice(start, index - start + 1, ...rest);
    index = nodes.indexOf(element);
  }
}

function findOpener(nodes: readonly InlineNode[], closer: Run): number {
  return nodes.findLastIndex((node) => {
    if (!isRun(node) || node.mark !== closer.mark || !node.opens) return false;
    // The rule of three keeps `*foo**bar*` one emphasis around two asterisks.
    const sum = node.length + closer.length;
    return !(node.closes || closer.opens) || sum % 3 !== 0 || node.length % 3 === 0;
  });
}
