/**
 * Lexey behind the platform port. It answers a message in the same response, has no stream of its own
 * and no ids: the answer is read here to its end, whoever has left, and told to who follows. The history
 * tells what was not read here. Assumed where the documents are silent: a new conversation has no
 * message, a message and its answer follow each other in the history.
 */
import type { Logger } from "pino";
import type { ConversationState } from "../protocol.ts";
import { readLexeyAnswer, type AnswerEnd } from "./lexey-answer.ts";
import { createLexeyClient } from "./lexey-client.ts";
import { awaitsAnswer, toMessageId, toPage, type LexeyHistory } from "./lexey-history.ts";
import { createListeners } from "./lexey-listeners.ts";
import { createNotes } from "./lexey-notes.ts";
import { PlatformError, type Platform, type PlatformEvent } from "./platform.ts";
import type { PlatformClientOptions, PlatformStream } from "./request.ts";

/** How long an agent may think without a word. Heartbeats are not documented. */
const STALL_MS = 120_000;

export type LexeyOptions = PlatformClientOptions & {
  logger: Logger;
  /** Milliseconds without a byte after which an answer is taken for broken. Defaults to 120 000. */
  stallMs?: number;
  /** Ends answers that are still read. */
  signal?: AbortSignal;
};

/** The answer that is read at the moment, as far as it was told. */
type Answer = { id: string; text: string };

/** `baseUrl` without a trailing slash, for example `https://lexey.ai`. */
export function createLexey(options: LexeyOptions): Platform {
  const { logger, stallMs = STALL_MS } = options;
  const client = createLexeyClient("customer", options);
  const listeners = createListeners();
  const notes = createNotes();
  const answers = new Map<string, Answer>();
  /** Sends under way: the platform has not accepted them yet. */
  const sending = new Set<string>();
  let hasWarned = false;

  async function read(conversationId: string): Promise<LexeyHistory> {
    const history = await client.history(conversationId);
    const isAwaited =
      !answers.has(conversationId) &&
      awaitsAnswer(history, Date.now()) &&
      notes.ended(conversationId) !== history.length - 1;
    notes.setUnread(conversationId, isAwaited);
    return history;
  }

  /** Reads the answer to the message at `position`. Never rejects. */
  async function follow(
    conversationId: string,
    position: number,
    body: PlatformStream,
  ): Promise<void> {
    const answer = { id: toMessageId(position + 1), text: "" };
    const tell = (event: PlatformEvent): void => listeners.tell(conversationId, event);
    answers.set(conversationId, answer);
    notes.setUnread(conversationId, false);
    tell({ type: "state", state: "thinking" });
    const end = await readLexeyAnswer(body, {
      stallMs,
      onActivity: () => listeners.stir(conversationId),
      onText(text) {
        answer.text += text;
        tell({ type: "chunk", messageId: answer.id, text });
      },
      onStatus(status) {
        notes.setStatus(conversationId, status);
        tell({ type: "status", status });
      },
    });
    answers.delete(conversationId);
    logEnd(conversationId, end);
    if (end.how === "broken") {
      notes.setUnread(conversationId, true);
      return listeners.fail(
        conversationId,
        new PlatformError("unavailable", "the answer broke off"),
      );
    }
    notes.setEnded(conversationId, position);
    tell(toEnd(answer, end, notes.status(conversationId) === "escalated"));
    tell({ type: "state", state: "idle" });
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
    name: "lexey",
    opensConversations: true,

    async newConversationId() {
      const conversationId = await client.open();
      notes.setNew(conversationId);
      return conversationId;
    },

    async send(conversationId, content) {
      if (conversationId === null)
        throw new PlatformError("refused", "Lexey has no default conversation");
      if (answers.has(conversationId) || sending.has(conversationId))
        throw new PlatformError("busy", "an answer is still being read");
      sending.add(conversationId);
      try {
        const isEmpty = notes.takeNew(conversationId);
        const position = isEmpty ? 0 : (await read(conversationId)).length;
        const body = await client.post(conversationId, content, options.signal);
        void follow(conversationId, position, body);
        return { messageId: toMessageId(position), conversationId };
      } finally {
        sending.delete(conversationId);
      }
    },

    async stream(conversationId, handlers, signal) {
      const answer = answers.get(conversationId);
      // Then only the history can tell.
      if (!answer && notes.isUnread(conversationId))
        throw new PlatformError("not-a-stream", "the answer is not read here");
      const listening = listeners.listen(conversationId, handlers, signal);
      handlers.onOpen();
      if (answer) {
        handlers.onEvent({ type: "state", state: stateOf(answer) });
        if (answer.text !== "")
          handlers.onEvent({ type: "chunk", messageId: answer.id, text: answer.text });
      }
      await listening;
    },

    messages: async (conversationId, query) => toPage(await read(conversationId), query),

    async state(conversationId) {
      const answer = answers.get(conversationId);
      if (answer) return stateOf(answer);
      await read(conversationId);
      return notes.isUnread(conversationId) ? "thinking" : "idle";
    },

    // There is no list of conversations.
    recent: async () => [],

    async overview(conversationId) {
      const { messages } = toPage(await read(conversationId), {});
      return { title: messages[0]?.content ?? null, lastMessage: messages.at(-1) ?? null };
    },
  };
}

const stateOf = ({ text }: Answer): ConversationState => (text === "" ? "thinking" : "responding");

/** An agent that hands over may leave the answer to a person; any other that says nothing has failed. */
function toEnd({ id, text }: Answer, end: AnswerEnd, isEscalated: boolean): PlatformEvent {
  const isSilent = text === "" && end.isWhole && !isEscalated;
  if (end.how === "failed" || isSilent) return { type: "failed" };
  // What was streamed is the answer, unless its ids say that something went wrong on the way.
  const content = end.isWhole ? text : null;
  return { type: "complete", message: { id, role: "assistant", content, createdAt: null } };
}
