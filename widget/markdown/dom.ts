import { type Labels, createCodeBlock } from "./code-block.ts";
import type { Attributes, Sink } from "./sink.ts";

/**
 * A sink that appends to `parent`. Nodes on the page are never replaced, and text nodes grow in
 * place, so a selection outlives the next chunk. Text waits for `flush` or the next tag.
 */
export function createDomSink(parent: Element, labels: Labels): Sink & { flush(): void } {
  const document = parent.ownerDocument;
  const parents: Element[] = [];
  let current = parent;
  let waiting = "";

  function flush(): void {
    const last = current.lastChild;
    if (waiting && last?.nodeType === last?.TEXT_NODE) (last as Text).appendData(waiting);
    else if (waiting) current.append(waiting);
    waiting = "";
  }

  function enter(root: Element, content: Element): void {
    current.append(root);
    parents.push(current);
    current = content;
  }

  function openTable(): void {
    const frame = document.createElement("div");
    const table = document.createElement("table");
    frame.className = "table";
    frame.setAttribute("role", "group");
    frame.tabIndex = 0;
    frame.append(table);
    enter(frame, table);
  }

  function openElement(tag: string, attributes: Attributes): void {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (tag === "th") element.setAttribute("scope", "col");
    if (tag === "a") {
      element.setAttribute("target", "_blank");
      element.setAttribute("rel", "noopener noreferrer nofollow");
    }
    enter(element, element);
  }

  return {
    flush,
    text(value) {
      waiting += value;
    },
    open(tag, attributes = {}) {
      flush();
      if (tag === "table") {
        openTable();
      } else if (tag === "pre") {
        const { frame, code } = createCodeBlock(document, attributes["language"] ?? "", labels);
        enter(frame, code);
      } else {
        openElement(tag, attributes);
      }
    },
    close() {
      flush();
      if (current.localName === "thead") nameTable(current);
      current = parents.pop() ?? parent;
    },
  };
}

/** A group that takes the focus needs a name; the columns' names say what it holds. */
function nameTable(head: Element): void {
  const names = Array.from(head.querySelectorAll("th"), (cell) => cell.textContent);
  head.closest(".table")?.setAttribute("aria-label", names.filter(Boolean).join(", "));
}
