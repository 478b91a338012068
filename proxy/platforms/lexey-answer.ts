/** Reads an answer of Lexey to its end, whatever comes instead of one. */
import { createParser } from "eventsource-parser";
import type { ConversationStatus } from "../protocol.ts";
import { parseLexeyEvent, type LexeyEvent } from "./lexey-events.ts";
import type { PlatformStream } from "./request.ts";

/** Characters of one event, and of all events of an answer. What is longer is broken off. */
const MAX_EVENT_CHARACTERS = 1024 * 1024;
const MAX_ANSWER_CHARACTERS = 4 * 1024 * 1024;
/** Milliseconds: signs of life alone are no answer, and keep its conversation from going on. */
const MAX_ANSWER_MS = 10 * 60_000;

export type AnswerReader = {
  onText: (text: string) => void;
  onStatus: (status: ConversationStatus) => void;
  /** Any byte arrived. */
  onActivity?: () => void;
  /** Milliseconds without a byte after which the answer is taken for broken. */
  stallMs: number;
  /** Milliseconds after which it is broken off, whatever still comes. Defaults to ten minutes. */
  maxMs?: number;
};

/**
 * `done` by `[DONE]` · `failed` by an error event · `broken` in any other way: the history may have it
 * all the same. Not whole: an event was missing, doubled or out of order, as its ids tell.
 */
export type AnswerEnd = { how: "done" | "failed" | "broken"; isWhole: boolean };

/** Reads what `post` of the client has opened. What follows the end is not read. Never rejects. */
export async function readLexeyAnswer(
  body: PlatformStream,
  reader: AnswerReader,
): Promise<AnswerEnd> {
  const seen = new Set<string>();
  let count = 0;
  let characters = 0;
  let isWhole = true;
  let how: AnswerEnd["how"] = "broken";

  function take(event: LexeyEvent): void {
    if (event.type === "delta") reader.onText(event.text);
    else if (event.type === "status") reader.onStatus(event.status);
    else how = event.type === "done" ? "done" : "failed";
  }

  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent({ id = "", data }) {
      if (how !== "broken") return;
      count += 1;
      // The ids are kept too.
      characters += id.length + data.length;
      if (characters > MAX_ANSWER_CHARACTERS) throw new Error("the answer is too long");
      if (id !== String(count)) isWhole = false;
      // A second copy of what was read.
      if (id !== "" && seen.has(id)) return;
      seen.add(id);
      const event = parseLexeyEvent(data);
      if (event) take(event);
    },
  });

  const stall = setTimeout(() => body.destroy(new Error("stalled")), reader.stallMs);
  const { maxMs = MAX_ANSWER_MS } = reader;
  const end = setTimeout(() => body.destroy(new Error("it never ends")), maxMs);
  try {
    await body.read((text) => {
      stall.refresh();
      reader.onActivity?.();
      parser.feed(text);
      if (how !== "broken") body.destroy();
    });
    // The last event may lack its blank line.
    parser.feed("\n\n");
  } catch {
    // What was read stands; the history may have the rest.
  } finally {
    clearTimeout(stall);
    clearTimeout(end);
  }
  return { how, isWhole };
}
