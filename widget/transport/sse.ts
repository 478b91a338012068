/** One event of a stream. `id` and `event` are empty when the stream names none. */
export type StreamEvent = { id: string; event: string; data: string };

/**
 * Cuts a text stream, in any pieces, into events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation).
 * The proxy ends its lines with LF, so CR is not read.
 */
export function createEventParser(
  onEvent: (event: StreamEvent) => void,
  onRetry: (milliseconds: number) => void,
): (text: string) => void {
  let rest = "";
  return (text) => {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const data: string[] = [];
      const event: StreamEvent = { id: "", event: "", data: "" };
      for (const line of block.split("\n")) {
        const [, field, value = ""] = /^(\w+): ?(.*)$/.exec(line) ?? [];
        if (field === "data") data.push(value);
        else if (field === "id" || field === "event") event[field] = value;
        else if (field === "retry") onRetry(Number(value));
      }
      if (data.length > 0) onEvent({ ...event, data: data.join("\n") });
    }
  };
}
