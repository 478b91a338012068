import { type Leaf, createCode, createHeading, createParagraph, createTable } from "./leaves.ts";
import { type LineStart, readLineStart } from "./line-start.ts";
import { createNesting } from "./nesting.ts";
import type { Sink } from "./sink.ts";

const TAB_WIDTH = 4;

/**
 * Parses Markdown one character after another and tells the sink what is certain. What it has told
 * depends on the characters alone, so a text gives the same tree however it was cut.
 */
export function createBlocks(sink: Sink) {
  const nesting = createNesting(sink);
  const { containers } = nesting;
  let leaf: Leaf | undefined;
  /** What has come of a line whose beginning isn't understood yet. */
  let line = "";
  /** The beginning is understood: the rest of the line goes into the leaf. */
  let flows = false;
  /** A row of pipes: the header of a table, if the next line is a delimiter row. */
  let header: string | undefined;

  function readCharacter(character: string): void {
    const keepsTabs = leaf?.kind === "code" && containers.length === 0;
    if (character === "\t" && !keepsTabs) line += " ".repeat(TAB_WIDTH - (line.length % TAB_WIDTH));
    else line += character;
    // Blanks never decide what a line is; not asking keeps long runs of them cheap.
    if (character !== " " && character !== "\t") startLine(false);
  }

  function startLine(ended: boolean): void {
    const paragraph = leaf?.kind === "paragraph" || header !== undefined;
    const context = { containers, paragraph, fence: leaf?.fence, header };
    const start = readLineStart(line, context, ended);
    if (!start) return;
    flows = true;
    startBlock(start, line.slice(start.at));
  }

  function endLine(): void {
    if (!flows) startLine(true);
    if (leaf?.kind === "heading") endLeaf();
    flows = false;
    line = "";
  }

  function startBlock(start: LineStart, content: string): void {
    const { block, opens, kept } = start;
    const above = header;
    header = undefined;
    if (block.kind === "table") {
      openLeaf(() => createTable(sink, above ?? "", block.alignments));
      return;
    }
    if (above !== undefined) addText(above);
    const lazy = block.kind === "text" && opens.length === 0 && leaf?.kind === "paragraph";
    if (!lazy && (opens.length > 0 || kept < containers.length)) {
      endLeaf();
      nesting.change(kept, opens);
    }
    if (block.kind === "text") addText(content);
    else if (block.kind === "row" && leaf?.kind !== "table") header = content;
    else if (block.kind === "row" || block.kind === "code") leaf?.addLine(content);
    else if (block.kind === "heading") openLeaf(() => createHeading(sink, block.level), content);
    else if (block.kind === "fence") openLeaf(() => createCode(sink, block.fence, block.language));
    else endLeaf();
    if (block.kind === "rule") nesting.addRule();
  }

  function addText(content: string): void {
    const bare = nesting.isBare();
    if (leaf?.kind === "paragraph") leaf.addLine(content);
    else openLeaf(() => createParagraph(sink, bare), content);
  }

  function openLeaf(create: () => Leaf, content?: string): void {
    endLeaf();
    nesting.fill();
    leaf = create();
    if (content !== undefined) leaf.addLine(content);
  }

  function endLeaf(): void {
    leaf?.end();
    leaf = undefined;
  }

  return {
    write(character: string): void {
      if (character === "\n") endLine();
      else if (flows) leaf?.write(character);
      else readCharacter(character);
    },
    end(): void {
      if (!flows && line) endLine();
      if (header !== undefined) addText(header);
      header = undefined;
      endLeaf();
      nesting.change(0, []);
    },
  };
}
