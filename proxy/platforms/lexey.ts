/**
 * Lexey behind the platform port. It answers a message in the same response, has no stream of its own
 * and no ids: the answer is read here, and told to who follows; the history tells what was not read
 * here. Assumed where the documents are silent: a new conversation has no message, and an answer
 * comes right after its question in the history.
 */
import type { Logger } from "pino";
import type { ConversationState } from "../protocol.ts";
import { createLexeyAnswers } from "./lexey-answers.ts";
import { createLexeyClient } from "./lexey-client.ts";
import { awaitsAnswer, toMessageId, toPage, type LexeyHistory } from "./lexey-history.ts";
import { createListeners } from "./lexey-listeners.ts";
import { createNotes } from "./lexey-notes.ts";
import { PlatformError, type Platform } from "./platform.ts";
import type { PlatformClientOptions } from "./request.ts";

/** Heartbeats are not documented. */
const PATIENCE_MS = 120_000;

export type LexeyOptions = PlatformClientOptions & {
  logger: Logger;
  /**
   * Milliseconds that an answer may take: without a byte while it is read here, or in all where only the
   * history can tell of it. Defaults to two minutes.
   */
  patienceMs?: number;
  /** Ends answers that are still read. */
  signal?: AbortSignal;
};

/** `baseUrl` without a trailing slash, for example `https://lexey.ai`. */
export function createLexey(options: LexeyOptions): Platform {
  const { logger, signal, patienceMs = PATIENCE_MS } = options;
  const client = createLexeyClient("customer", options);
  const listeners = createListeners();
  const notes = createNotes();
  const answers = createLexeyAnswers({
    client,
    listeners,
    notes,
    stallMs: patienceMs,
    logger,
    signal,
  });
  /** Sends that the platform has not accepted yet. */
  const sending = new Set<string>();

  async function read(conversationId: string): Promise<LexeyHistory> {
    const history = await client.history(conversationId);
    const isUnread =
      answers.soFar(conversationId) === null &&
      awaitsAnswer(history, patienceMs) &&
      notes.ended(conversationId) !== history.length - 1;
    notes.setUnread(conversationId, isUnread);
    return history;
  }

  /** Nothing where it is too long to be read: visitors can write, and then are offered a new conversation. */
  const readIfPossible = (conversationId: string): Promise<LexeyHistory> =>
    read(conversationId).catch((error: unknown) => {
      if (error instanceof PlatformError && error.failure === "full") return [];
      throw error;
    });

  /** As the history said when it was read last, unless the answer is read here. */
  function stateOf(conversationId: string): ConversationState {
    const isUnread = notes.isUnread(conversationId);
    return answers.soFar(conversationId)?.state ?? (isUnread ? "thinking" : "idle");
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
      if (answers.soFar(conversationId) || sending.has(conversationId))
        throw new PlatformError("busy", "an answer is still being read");
      sending.add(conversationId);
      try {
        const isNew = notes.takeNew(conversationId);
        const position = isNew ? 0 : (await read(conversationId)).length;
        const body = await client.post(conversationId, content);
        void answers.follow(conversationId, position, body);
        return { messageId: toMessageId(position), conversationId };
      } finally {
        sending.delete(conversationId);
      }
    },

    async stream(conversationId, handlers, aborted) {
      const answer = answers.soFar(conversationId);
      // Then only the history can tell.
      if (!answer && notes.isUnread(conversationId))
        throw new PlatformError("not-a-stream", "the answer is not read here");
      const listening = listeners.listen(conversationId, handlers, aborted);
      handlers.onOpen();
      if (answer) {
        const { state, messageId, text } = answer;
        handlers.onEvent({ type: "state", state });
        if (text !== "") handlers.onEvent({ type: "chunk", messageId, text });
      }
      await listening;
    },

    messages: async (conversationId, query) => toPage(await readIfPossible(conversationId), query),

    async state(conversationId) {
      if (!answers.soFar(conversationId)) await readIfPossible(conversationId);
      return stateOf(conversationId);
    },

    // There is no list of conversations.
    recent: async () => [],

    async overview(conversationId) {
      const { messages } = toPage(await readIfPossible(conversationId), {});
      return {
        title: messages[0]?.content ?? null,
        lastMessage: messages.at(-1) ?? null,
        state: stateOf(conversationId),
      };
    },
  };
}
