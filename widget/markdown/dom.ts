import { type Labels, createCodeBlock } from "./code-block.ts";
import { createElement } from "./element.ts";
import type { Sink } from "./sink.ts";

/**
 * A sink that appends to `parent`. Nodes on the page are never replaced, and text nodes grow in
 * place, so a selection outlives the next chunk. Text waits for `flush` or the next tag.
 */
export function createDomSink(parent: Element, labels: Labels): Sink & { flush(): void } {
  const parents: Element[] = [];
  let current = parent;
  let waiting = "";

  function flush(): void {
    const last = current.lastChild;
    if (last instanceof Text) last.appendData(waiting);
    else if (waiting) current.append(waiting);
    waiting = "";
  }

  function enter(element: Element, content: Element): void {
    current.append(element);
    parents.push(current);
    current = content;
  }

  return {
    flush,
    text(value) {
      waiting += value;
    },
    open(tag, attributes = {}) {
      flush();
      if (tag === "pre") {
        const { frame, code } = createCodeBlock(attributes["language"] ?? "", labels);
        enter(frame, code);
      } else {
        const element = createElement(tag, attributes);
        enter(element, element);
      }
    },
    close() {
      flush();
      current = parents.pop() ?? parent;
    },
  };
}
