import type { Fence } from "./block-start.ts";
import { createInline } from "./inline.ts";
import type { Sink, Tag } from "./sink.ts";
import { splitRow } from "./table.ts";

/** A block that holds no blocks. */
export type Leaf = {
  kind: "paragraph" | "code" | "table";
  fence?: Fence;
  /** Begins a line of the block, `text` being what is known of it. */
  addLine(text: string): void;
  /** Goes on with that line. */
  write(text: string): void;
  end(): void;
};

/** By level. The first two are left to the page and the panel. */
const HEADINGS: readonly Tag[] = ["h3", "h3", "h4", "h5"];

/** `bare`: without an element of its own, as the text that an item begins with. */
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

export function addHeading(sink: Sink, level: number, text: string): void {
  sink.open(HEADINGS[level] ?? "h6");
  addInline(sink, text.replace(/ #+ *$/, "").trimStart());
  sink.close();
}

export function createCode(sink: Sink, fence: Fence, language: string): Leaf {
  sink.open("pre", language ? { language } : {});
  return { kind: "code", fence, ...joinLines(sink.text), end: sink.close };
}

/** Every line is a whole row. Cells that a row lacks are empty, cells too many are dropped. */
export function createTable(sink: Sink, names: string[], alignments: string[]): Leaf {
  function addRow(tag: "th" | "td", cells: string[]): void {
    sink.open("tr");
    for (const [column, alignment] of alignments.entries()) {
      const cell = cells[column] ?? "";
      // An empty cell heads nothing.
      sink.open(cell ? tag : "td", alignment ? { class: alignment } : {});
      addInline(sink, cell);
      sink.close();
    }
    sink.close();
  }

  // A wide table scrolls in its frame, and a keyboard must be able to scroll it.
  sink.open("div", { class: "table", tabindex: "-1" });
  sink.open("table");
  sink.open("thead");
  addRow("th", names);
  sink.close();
  sink.open("tbody");
  return {
    kind: "table",
    addLine: (row) => addRow("td", splitRow(row)),
    write() {},
    end() {
      sink.close();
      sink.close();
      sink.close();
    },
  };
}

function addInline(sink: Sink, text: string): void {
  const inline = createInline(sink);
  inline.write(text);
  inline.end();
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
