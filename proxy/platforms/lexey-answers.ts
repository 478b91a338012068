/** The answers of Lexey that are read in this process: each to its end, whoever has left. */
import type { Logger } from "pino";
import type { ConversationState } from "../protocol.ts";
import { readLexeyAnswer, type AnswerEnd } from "./lexey-answer.ts";
import type { LexeyClient } from "./lexey-client.ts";
import { toLiveId, toMessageId, toPage } from "./lexey-history.ts";
import type { Listeners } from "./lexey-listeners.ts";
import type { Notes } from "./lexey-notes.ts";
import { PlatformError, type PlatformEvent } from "./platform.ts";
import type { PlatformStream } from "./request.ts";

export type LexeyAnswersOptions = {
  client: LexeyClient;
  listeners: Listeners;
  notes: Notes;
  /** Milliseconds without a byte after which an answer is taken for broken. */
  stallMs: number;
  logger: Logger;
  /** Ends all of them. */
  signal: AbortSignal | undefined;
};

export type LexeyAnswers = {
  /** Reads the answer to the message at `position`. Never rejects. */
  follow: (conversationId: string, position: number, body: PlatformStream) => Promise<void>;
  /** The one that is read right now, as what a listener has to be told first. */
  soFar: (conversationId: string) => Answer | null;
};

/** `text` as far as it has been read. */
export type Answer = { state: ConversationState; messageId: string; text: string };

type Reading = { position: number; text: string; body: PlatformStream };

export function createLexeyAnswers(options: LexeyAnswersOptions): LexeyAnswers {
  const { client, listeners, notes, logger, signal } = options;
  const readings = new Map<string, Reading>();
  let hasWarned = false;
  signal?.addEventListener("abort", () => {
    for (const { body } of readings.values()) body.destroy(new Error("closing"));
  });

  async function follow(id: string, position: number, body: PlatformStream): Promise<void> {
    const reading: Reading = { position, text: "", body };
    readings.set(id, reading);
    if (signal?.aborted) body.destroy(new Error("closing"));
    notes.setUnread(id, false);
    listeners.tell(id, { type: "state", state: "thinking" });
    const end = await readLexeyAnswer(body, {
      stallMs: options.stallMs,
      onActivity: () => listeners.stir(id),
      onText(text) {
        reading.text += text;
        listeners.tell(id, { type: "chunk", messageId: toLiveId(position + 1), text });
      },
      onStatus: (status) => listeners.tell(id, { type: "status", status }),
    });
    if (!signal?.aborted) logEnd(id, end);
    const last = end.how === "broken" ? null : await toLast(id, reading, end);
    readings.delete(id);
    if (last === null) {
      notes.setUnread(id, true);
      return listeners.fail(id, new PlatformError("unavailable", "the answer broke off"));
    }
    notes.setEnded(id, position);
    listeners.tell(id, last);
    listeners.tell(id, { type: "state", state: "idle" });
  }

  async function toLast(id: string, reading: Reading, end: AnswerEnd): Promise<PlatformEvent> {
    const { position, text } = reading;
    if (end.how === "failed") return { type: "failed" };
    // What was streamed is the answer, unless its ids say that something went wrong on the way.
    const content = end.isWhole ? text : await readContent(id, position + 1);
    if (content === "") return { type: "empty" };
    const message = { id: toMessageId(position + 1), role: "assistant", content } as const;
    return { type: "complete", message: { ...message, createdAt: null } };
  }

  /** Null when it is not there, or can't be read now. */
  async function readContent(id: string, position: number): Promise<string | null> {
    const { messages } = await client
      .history(id)
      .then((history) => toPage(history, { since: toMessageId(position - 1) }))
      .catch(() => ({ messages: [] }));
    const found = messages.find((message) => message.id === toMessageId(position));
    return found?.role === "assistant" ? found.content : null;
  }

  function logEnd(conversation: string, { how, isWhole }: AnswerEnd): void {
    if (how === "failed") logger.warn({ conversation }, "the platform failed to finish an answer");
    if (how === "broken")
      logger.warn({ conversation }, "an answer broke off: looking for it in the history");
    if (isWhole || hasWarned) return;
    hasWarned = true;
    logger.warn("events of an answer were out of order: answers like it are read from the history");
  }

  return {
    follow,

    soFar(id) {
      const reading = readings.get(id);
      if (!reading) return null;
      const { position, text } = reading;
      const state = text === "" ? "thinking" : "responding";
      return { state, messageId: toLiveId(position + 1), text };
    },
  };
}
