import type { Container } from "./containers.ts";
import { type Leaf, addHeading, createCode, createParagraph, createTable } from "./leaves.ts";
import { type LineStart, readLineStart } from "./line-start.ts";
import { nest } from "./nesting.ts";
import type { Sink } from "./sink.ts";

const TAB_WIDTH = 4;

/**
 * Parses Markdown one character after another and tells the sink what is certain. What it has told
 * depends on the characters alone, so a text gives the same tree however it was cut.
 */
export function createBlocks(sink: Sink) {
  const containers: Container[] = [];
  let leaf: Leaf | undefined;
  /** What has come of a line whose beginning isn't understood yet. */
  let line = "";
  /** The beginning is understood: the rest of the line goes into the leaf. */
  let flows = false;
  /** A row of pipes: the header of a table, if the next line is a delimiter row. */
  let header: string | undefined;

  function readCharacter(character: string): void {
    const keepsTabs = leaf?.fence && containers.length === 0;
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

  function startBlock(start: LineStart, content: string): void {
    const { block, opens, kept } = start;
    if (block.kind === "table") header = undefined;
    endHeader();
    const lazy = block.kind === "text" && opens.length === 0 && leaf?.kind === "paragraph";
    if (!lazy && (opens.length > 0 || kept < containers.length)) {
      endLeaf();
      nest(sink, containers, start);
    }
    switch (block.kind) {
      case "text":
        addText(content, opens.at(-1)?.kind === "item");
        break;
      case "row":
        if (leaf?.kind === "table") leaf.addLine(content);
        else header = content;
        break;
      case "table":
        openLeaf(() => createTable(sink, block.names, block.alignments));
        break;
      case "code":
        leaf?.addLine(content);
        break;
      case "fence":
        openLeaf(() => createCode(sink, block.fence, block.language));
        break;
      case "heading":
        endLeaf();
        addHeading(sink, block.level, content);
        break;
      case "rule":
        endLeaf();
        sink.open("hr");
        sink.close();
        break;
      default:
        endLeaf();
    }
  }

  /** The row of pipes was text. */
  function endHeader(): void {
    if (header !== undefined) addText(header, false);
    header = undefined;
  }

  /** `bare`: the text that an item begins with needs no paragraph of its own. */
  function addText(content: string, bare: boolean): void {
    if (leaf?.kind !== "paragraph") openLeaf(() => createParagraph(sink, bare));
    leaf?.addLine(content);
  }

  function openLeaf(create: () => Leaf): void {
    endLeaf();
    leaf = create();
  }

  function endLeaf(): void {
    leaf?.end();
    leaf = undefined;
  }

  function endLine(): void {
    if (!flows) startLine(true);
    flows = false;
    line = "";
  }

  return {
    write(character: string): void {
      if (character === "\n") endLine();
      else if (flows) leaf?.write(character);
      else readCharacter(character);
    },
    end(): void {
      if (!flows && line) endLine();
      endHeader();
      endLeaf();
      nest(sink, containers, { kept: 0, opens: [] });
    },
  };
}
