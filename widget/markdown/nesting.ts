import type { Container, Item } from "./containers.ts";
import type { Sink } from "./sink.ts";

/** Closes all but the first `kept` of the containers, then opens others; an item may join a list. */
export function nest(
  sink: Sink,
  containers: Container[],
  { kept, opens }: { kept: number; opens: readonly Container[] },
): void {
  const [first] = opens;
  const last = containers[kept];
  const joins = last?.kind === "item" && first?.kind === "item" && last.marker === first.marker;
  for (const container of containers.splice(kept).toReversed()) {
    sink.close();
    if (container.kind === "item" && !(joins && container === last)) sink.close();
  }
  for (const container of opens) {
    containers.push(container);
    if (container.kind === "quote") sink.open("blockquote");
    else openItem(sink, container, joins && container === first);
  }
}

function openItem(sink: Sink, { number, tick }: Item, joins: boolean): void {
  const start = Number(number ?? 1);
  if (!joins) sink.open(number ? "ol" : "ul", start === 1 ? {} : { start: String(start) });
  sink.open("li", tick ? { class: "task" } : {});
  if (tick) sink.text(tick === " " ? "☐ " : "☑ ");
}
