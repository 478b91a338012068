import { parseInline } from "./inline.ts";
import { ROW, createTable, readAlignments } from "./table.ts";
import { type Tree, type TreeElement, AUTO, element } from "./tree.ts";

/** `start`: the index of its first line; `marker`: of a list, which another sign ends. */
export type Block = TreeElement & { start: number; marker?: string };

/** Quotes and lists in each other; deeper ones are text. */
const MAX_DEPTH = 16;
/** Columns that make a child of any item. CommonMark wants three after "1."; models write two. */
const ITEM_INDENT = 2;

/**
 * How a block begins that is no paragraph, nothing being the end of one: a heading, a rule, code, a
 * quote, an item that may have a box to tick.
 */
const START =
  /^ *(?:$|(#{1,6})(\s.*|$)|([-*_]) *(?:\3 *){2,}$|(`{3,}(?=[^`]*$)|~{3,})\s*(\S*)|(>) ?|(?:([-+*])|(\d{1,9})([.)]))(?= |$)(?: +\[([ xX])\] +(?=.))?)/;
/** What a paragraph goes on with all the same: it may hold a dash or a year (CommonMark 5.2). */
const PROSE = /^ *(?:(?:[-+*]|\d+[.)]) *$|(?!0*1[.)])\d)/;
const QUOTE = /^ *> ?/;
/** The signs of all containers that a line is in. */
const SIGNS = /^(?:[\s>]|(?:[-+*]|\d{1,9}[.)])(?=\s|$))*/;
/** Signs that may mean something else, or nothing, when more of the line comes. */
const UNDECIDED = /^(?:[-+*_:|#`~\s\d.)]*(?:\[[ xX]?\]?\s*)?$|\s*(?:`{3}|~{3}))/;

/**
 * Parses lines into blocks: CommonMark without setext headings (they would change what is on the
 * screen), indented code (models indent for looks), HTML blocks and link definitions, with tables
 * and task lists. `copy` is what the button of a code block says. `isOpen`: more may come, and what
 * the last line may become is left out.
 */
export function parseBlocks(
  source: readonly string[],
  copy: string,
  isOpen: boolean,
  depth = 0,
): Block[] {
  const blocks: Block[] = [];
  const lines = source.map((line) => line.replace(SIGNS, (sign) => sign.replaceAll("\t", "    ")));
  const last = lines.at(-1);
  if (!last || (isOpen && UNDECIDED.test(last))) lines.pop();
  let at = 0;

  const peek = () => lines[at] ?? "";
  const reachesEnd = () => isOpen && at === lines.length;

  function parseContent(content: readonly string[]): Block[] {
    return parseBlocks(content, copy, reachesEnd(), depth + 1);
  }

  /** The lines of a container without its signs, or lazily with none where a paragraph goes on. */
  function takeContainer(first: string, prefix: RegExp): string[] {
    const content = [first];
    let isCode = false;
    for (; at < lines.length; at++) {
      const line = peek();
      const last = (content.at(-1) ?? "").replace(SIGNS, "");
      if (/^(?:`{3}|~{3})/.test(last)) isCode = !isCode;
      const isLazy = !isCode && !START.test(last) && !START.test(line);
      if (!isLazy && !prefix.test(line)) break;
      content.push(line.replace(prefix, ""));
    }
    return content;
  }

  function createCodeBlock(marks: string, language: string, margin: number): TreeElement {
    const end = new RegExp(`^ *${marks.charAt(0)}{${marks.length},}\\s*$`);
    const indent = new RegExp(`^ {0,${margin}}`);
    const code: string[] = [];
    while (at < lines.length) {
      // Tabs in code are kept.
      const line = source[at++] ?? "";
      if (end.test(line)) break;
      code.push(line.replace(indent, ""));
    }
    return element(
      "div",
      [
        element("span", [language], { class: "language" }),
        // A live region: a screen reader says that it has copied.
        element("button", [copy], { class: "copy", type: "button", "aria-live": "polite" }),
        // What scrolls is no stop of the Tab key, as some browsers would have it: its content is one,
        // when its message is current.
        element("pre", [element("code", [code.join("\n")])], { tabindex: "-1" }),
      ],
      { class: "code" },
    );
  }

  /** `sign` is of so many columns, `rest` what follows it in the line. */
  function addItem(item: string[], rest: string, margin: number, columns: number): void {
    const [bullet, number, delimiter = "", tick] = item;
    const first = tick
      ? `${tick === " " ? "☐" : "☑"} ${rest}`
      : (" ".repeat(columns) + rest).slice(ITEM_INDENT);
    const prefix = new RegExp(`^(?: {${margin + ITEM_INDENT}}| *$)`);
    const content: Tree[] = parseContent(takeContainer(first, prefix));
    const [head] = content;
    // The text that an item begins with needs no paragraph of its own.
    if (typeof head === "object" && head.tag === "p" && first.trim())
      content.splice(0, 1, ...head.children);
    const child = element("li", content, tick ? { class: "task" } : {});
    const list = blocks.at(-1);
    const marker = bullet ?? delimiter;
    if (list?.marker === marker) list.children.push(child);
    else {
      const ordered = number && element("ol", [child], { ...AUTO, start: `${Number(number)}` });
      add(ordered || element("ul", [child], AUTO), marker);
    }
  }

  function addParagraph(first: string): void {
    const text = [first];
    while (!START.test(peek()) || PROSE.test(peek())) {
      if (readAlignments(peek(), lines[at + 1])) break;
      text.push(peek().trimStart());
      at++;
    }
    // A row of pipes may be the header of a table.
    if (reachesEnd() && ROW.test(text.at(-1) ?? "")) text.pop();
    if (text.length > 0) add(element("p", parseInline(text.join("\n"), reachesEnd())));
  }

  let start = 0;
  function add(block: TreeElement, marker = ""): void {
    blocks.push({ ...block, start, marker });
  }

  while (at < lines.length) {
    start = at;
    const line = peek();
    at++;
    const margin = line.search(/[^ ]|$/);
    const content = line.slice(margin);
    const match = depth < MAX_DEPTH ? START.exec(line) : null;
    const alignments = readAlignments(line, peek());
    if (match) {
      const [sign, hashes, heading = "", rule, marks, language = "", quote, ...item] = match;
      const rest = line.slice(sign.length);
      if (hashes) {
        // Number signs at the end are decoration (CommonMark 4.2).
        const text = heading.replace(/ #+ *$/, "").trimStart();
        add(element(`h${Math.min(hashes.length + 2, 6)}`, parseInline(text, reachesEnd())));
      } else if (rule) add(element("hr"));
      else if (marks) add(createCodeBlock(marks, language, margin));
      else if (quote) add(element("blockquote", parseContent(takeContainer(rest, QUOTE)), AUTO));
      else if (content) addItem(item, rest, margin, sign.length - margin);
    } else if (alignments) {
      const rows = [line];
      for (at++; ROW.test(peek()); at++) rows.push(peek());
      add(createTable(rows, alignments, reachesEnd()));
    } else if (content) addParagraph(content);
  }
  return blocks;
}
