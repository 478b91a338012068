import type { Container } from "./containers.ts";
import type { Sink } from "./sink.ts";

/** The quotes and lists that are open, as the sink knows them. */
export function createNesting(sink: Sink) {
  const containers: Container[] = [];
  /** The innermost container is an item that nothing was put into. */
  let bare = false;

  function open(container: Container, inList: boolean): void {
    bare = container.kind === "item";
    containers.push(container);
    if (container.kind === "quote") {
      sink.open("blockquote");
      return;
    }
    const { number, done } = container;
    if (!inList) {
      const counted = number !== undefined && number !== 1;
      sink.open(number === undefined ? "ul" : "ol", counted ? { start: String(number) } : {});
    }
    sink.open("li", done === undefined ? {} : { class: "task" });
    if (done !== undefined) sink.text(done ? "☑ " : "☐ ");
  }

  function close(container: Container, keepsList: boolean): void {
    sink.close();
    if (container.kind === "item" && !keepsList) sink.close();
  }

  return {
    containers,
    /** Closes all but the first `kept` containers, then opens others; an item may join a list. */
    change(kept: number, opens: readonly Container[]): void {
      const [first] = opens;
      const sibling = isSibling(containers[kept], first);
      bare = false;
      while (containers.length > kept) {
        const container = containers.pop();
        if (container) close(container, sibling && containers.length === kept);
      }
      for (const container of opens) open(container, sibling && container === first);
    },
    /** The text of an item that begins with it needs no paragraph of its own. */
    isBare: () => bare,
    fill(): void {
      bare = false;
    },
    addRule(): void {
      bare = false;
      sink.open("hr");
      sink.close();
    },
  };
}

function isSibling(last: Container | undefined, next: Container | undefined): boolean {
  return last?.kind === "item" && next?.kind === "item" && last.marker === next.marker;
}
