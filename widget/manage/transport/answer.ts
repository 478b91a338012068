import { createEventParser } from "../../transport/sse.ts";

export type Ending =
  | "done"
  /** The agent said that it failed. */
  | "failed"
  /** The stream ended without a word. */
  | "cut";

/**
 * Reads an answer of Lexey to its end; `onText` gets each piece. Rejects when the connection breaks or is
 * ended on this side.
 */
export async function readAnswer(
  body: ReadableStream<Uint8Array>,
  onText: (text: string) => void,
): Promise<Ending> {
  let ending: Ending = "cut";
  const parse = createEventParser(
    ({ data }) => {
      if (ending !== "cut") return;
      if (data === "[DONE]") return void (ending = "done");
      const event = toEvent(data);
      if (event.type === "error") ending = "failed";
      if (event.type === "delta" && typeof event.text === "string") onText(event.text);
    },
    () => undefined,
  );
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return ending;
    // The parser reads no CR, which a real Lexey may send.
    parse(decoder.decode(value, { stream: true }).replaceAll("\r", ""));
  }
}

/** Other types, and what is no JSON, say nothing. */
function toEvent(data: string): { type?: unknown; text?: unknown } {
  try {
    return (JSON.parse(data) as object | null) ?? {};
  } catch {
    return {};
  }
}
