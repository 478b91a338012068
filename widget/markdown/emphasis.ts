import { type InlineNode, type Run, isRun, toLiteral } from "./nodes.ts";

const SPACE = /\s/;
const PUNCTUATION = /[\p{P}\p{S}]/u;

/**
 * Chinese, Japanese and Korean put no blank between words: `**注意：**商品` must close before 商.
 * [CommonMark leaves it open](https://github.com/commonmark/commonmark-spec/issues/650)
 */
const UNSPACED_SCRIPT = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;

/** A delimiter run between two characters (CommonMark 6.2, "flanking"); "\n" stands for an edge. */
export function createRun(mark: string, length: number, around: [string, string]): Run {
  const [before, after] = around;
  const sides = around.map((side) => SPACE.test(side) || PUNCTUATION.test(side));
  const loose = around.map((side, index) => sides[index] || UNSPACED_SCRIPT.test(side));
  const left = !SPACE.test(after) && (!PUNCTUATION.test(after) || loose[0] === true);
  const right = !SPACE.test(before) && (!PUNCTUATION.test(before) || loose[1] === true);
  const intraword = mark === "_" && left && right;
  return {
    mark,
    length,
    left: length,
    opens: left && (!intraword || PUNCTUATION.test(before)),
    closes: right && (!intraword || PUNCTUATION.test(after)),
    waits: true,
  };
}

/** Turns pairs of runs among `nodes`, from index `from` on, into elements, in place. */
export function pairRuns(nodes: InlineNode[], from: number): void {
  for (let index = from; index < nodes.length; index++) {
    const closer = nodes[index];
    if (!isRun(closer) || !closer.closes || !closer.waits) continue;
    const start = nodes.findLastIndex(
      (node, at) => at >= from && at < index && isRun(node) && fits(node, closer),
    );
    const opener = nodes[start];
    if (isRun(opener)) index = pair(nodes, [start, opener], [index, closer]) - 1;
    else closer.waits = false;
  }
}

function fits(opener: Run, closer: Run): boolean {
  if (opener.mark !== closer.mark || !opener.opens) return false;
  // The rule of three keeps `*foo**bar*` one emphasis around two literal asterisks.
  const ambiguous = opener.closes || closer.opens;
  if (!ambiguous || (opener.length + closer.length) % 3 !== 0) return true;
  return opener.length % 3 === 0 && closer.length % 3 === 0;
}

/** Makes one element of two runs and what is between them; returns where to look for the next. */
function pair(nodes: InlineNode[], opening: [number, Run], closing: [number, Run]): number {
  const [start, opener] = opening;
  const [end, closer] = closing;
  const used = Math.min(opener.left, closer.left, 2);
  const tag = opener.mark === "~" ? "del" : used === 2 ? "strong" : "em";
  const children = nodes.slice(start + 1, end).map(toLiteral);
  opener.left -= used;
  closer.left -= used;
  const rest = [opener.left ? opener : "", { tag, children }, closer.left ? closer : ""];
  const kept = rest.filter((node) => node !== "");
  nodes.splice(start, end - start + 1, ...kept);
  return start + kept.length - (closer.left ? 1 : 0);
}
