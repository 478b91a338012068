import type { Fence } from "./block-start.ts";
import { createInline } from "./inline.ts";
import type { Sink } from "./sink.ts";
import { splitRow } from "./table.ts";

/** A block that holds no blocks. */
export type Leaf = {
  kind: "paragraph" | "heading" | "code" | "table";
  fence?: Fence;
  /** Begins a line of the block, `text` being what is known of it. */
  addLine(text: string): void;
  /** Goes on with that line. */
  write(text: string): void;
  end(): void;
};

/** Message headings start at this level: the ones above belong to the page and the panel. */
const TOP_LEVEL = 3;

/** `bare`: the text stands in a list item as it is, without an element of its own. */
export function createParagraph(sink: Sink, bare: boolean): Leaf {
  const inline = createInline(sink);
  if (!bare) sink.open("p");
  return {
    kind: "paragraph",
    ...joinLines(inline.write),
    end() {
      inline.end();
      if (!bare) sink.close();
    },
  };
}

/** Number signs at the end that follow a blank are decoration (CommonMark 4.2). */
export function createHeading(sink: Sink, level: number): Leaf {
  const inline = createInline(sink);
  let tail = "";

  function write(text: string): void {
    for (const character of text) {
      tail += character;
      if (character === " " || character === "#") continue;
      inline.write(tail);
      tail = "";
    }
  }

  sink.open(`h${Math.min(level + TOP_LEVEL - 1, 6)}`);
  return {
    kind: "heading",
    addLine: write,
    write,
    end() {
      if (!/^ +#+ *$/.test(tail)) inline.write(tail);
      inline.end();
      sink.close();
    },
  };
}

export function createCode(sink: Sink, fence: Fence, language: string): Leaf {
  sink.open("pre", language ? { language } : {});
  return { kind: "code", fence, ...joinLines(sink.text), end: sink.close };
}

/** Every line is a whole row. Cells that a row lacks are empty, cells too many are dropped. */
export function createTable(sink: Sink, header: string, alignments: readonly string[]): Leaf {
  function addRow(tag: "th" | "td", row: string): void {
    const cells = splitRow(row);
    sink.open("tr");
    for (const [column, alignment] of alignments.entries()) {
      sink.open(tag, alignment ? { class: alignment } : {});
      const inline = createInline(sink);
      inline.write(cells[column] ?? "");
      inline.end();
      sink.close();
    }
    sink.close();
  }

  sink.open("table");
  sink.open("thead");
  addRow("th", header);
  sink.close();
  sink.open("tbody");
  return {
    kind: "table",
    addLine: (row) => addRow("td", row),
    write() {},
    end() {
      sink.close();
      sink.close();
    },
  };
}

/** A newline belongs to the block only once another line follows. */
function joinLines(write: (text: string) => void): Pick<Leaf, "addLine" | "write"> {
  let empty = true;
  return {
    addLine(text) {
      write(empty ? text : `\n${text}`);
      empty = false;
    },
    write,
  };
}
