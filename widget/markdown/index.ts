import { parseBlocks } from "./blocks.ts";
import { type Labels, listenForCopy } from "./copy.ts";
import { patch } from "./patch.ts";

/** `isOpen`: the text may grow. */
export type Draw = (text: string, isOpen: boolean) => void;

/**
 * Makes `parent` show Markdown; the result depends on the text alone, not on what was drawn before.
 * What is unclosed in an open text is drawn as if it were closed. Blocks that can't change any more
 * are never touched again.
 */
export function createMarkdown(parent: Element, labels: Labels): Draw {
  let drawn = "";
  /** The source of the last block, which may grow, and how many are before it. */
  let last = "";
  let done = 0;

  listenForCopy(parent, labels);
  return (text, isOpen) => {
    if (!text.startsWith(drawn)) {
      parent.replaceChildren();
      drawn = last = "";
      done = 0;
    }
    // A line end or a character may have come in half.
    const whole = isOpen ? text.replace(/[\r\uD800-\uDBFF]$/, "") : text;
    const added = whole.slice(drawn.length);
    // A very long block is drawn again only when it has grown by a 256th: drawn for each piece its
    // cost would grow with its square.
    if (isOpen && added.length < last.length / 256 - 32) return;
    drawn = whole;
    const lines = (last + added).split(/\r\n?|\n/);
    const blocks = parseBlocks(lines, labels.copy, isOpen);
    patch(parent, blocks, done);
    const start = blocks.at(-1)?.start ?? 0;
    // That a block begins in an unfinished line may be a wrong guess.
    const isCertain = start < lines.length - 1;
    if (isCertain) done += Math.max(0, blocks.length - 1);
    last = lines.slice(isCertain ? start : 0).join("\n");
  };
}
