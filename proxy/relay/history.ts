/** Reading a conversation's history from the platform: pages for visitors, and what the stream left out. */
import type { Logger } from "pino";
import { PlatformError, type Page, type PageQuery, type Platform } from "../platforms/platform.ts";
import type { Message } from "../protocol.ts";
import type { Transcript } from "./transcript.ts";
import type { Translator } from "./translator.ts";

/** Messages in a snapshot; older ones are read by `before`. */
const SNAPSHOT_MESSAGES = 50;
const PAGE_MESSAGES = 100;
const MAX_PAGES = 20;

export type HistoryOptions = {
  conversationId: string;
  /** Opened here a moment ago: the platform does not know it before its first message. */
  isNew: boolean;
  platform: Platform;
  transcript: Transcript;
  translator: Translator;
  /** An accepted message has no answer yet. */
  isAwaiting: () => boolean;
  isClosed: () => boolean;
  logger: Logger;
};

export type History = {
  /** As this conversation's visitors may see it. Rejects with a `PlatformError`. */
  page: (query: PageQuery) => Promise<Page>;
  /** The newest messages. */
  snapshot: () => Promise<Page>;
  /** Reads what is there already, unless it has been read. */
  learn: () => Promise<void>;
  /** Adds what is new. Never rejects; calls at the same time share one read. */
  reconcile: () => Promise<void>;
  /** The id of a user message with this text that is newer than `since`; null is the beginning. */
  find: (content: string, since: string | null) => Promise<string | null>;
  /** The first message has arrived: from now on the platform knows the conversation. */
  begin: () => void;
};

export function createHistory(options: HistoryOptions): History {
  const { conversationId, platform, transcript, translator, logger } = options;
  let hasBegun = !options.isNew;
  let isKnown = options.isNew;
  let reconciling: Promise<void> | null = null;

  async function page(query: PageQuery): Promise<Page> {
    const read = await platform.messages(conversationId, query).catch((error: unknown) => {
      const isUnknown = error instanceof PlatformError && error.failure === "not-found";
      if (isUnknown && !hasBegun) return { messages: [], hasMore: false };
      throw error;
    });
    if (!isKnown && !query.since && !query.before) {
      isKnown = true;
      for (const { id } of read.messages) transcript.advanceTo(id);
    }
    return { ...read, messages: transcript.applyCuts(read.messages) };
  }

  const snapshot = (): Promise<Page> => page({ limit: SNAPSHOT_MESSAGES });

  async function learn(): Promise<void> {
    if (!isKnown) await snapshot();
  }

  async function readNew(): Promise<void> {
    if (!hasBegun) return;
    if (!isKnown) return learn();
    for (let count = 0; count < MAX_PAGES; count += 1) {
      const since = transcript.lastId();
      const query = since === null ? { limit: PAGE_MESSAGES } : { since, limit: PAGE_MESSAGES };
      const { messages, hasMore } = await platform.messages(conversationId, query);
      for (const message of messages) {
        const isNewest = message === messages.at(-1);
        if (options.isClosed() || !(await add(message, isNewest))) return;
      }
      if (!hasMore || since === null) return;
    }
  }

  /** False when the message is still being written. */
  async function add(message: Message, isNewest: boolean): Promise<boolean> {
    const isAwaited = translator.answer() !== null || options.isAwaiting();
    if (message.role === "assistant" && isAwaited && !transcript.has(message.id)) {
      if (isNewest && (await platform.state(conversationId)) !== "idle") return false;
      translator.endAnswer(message);
      return true;
    }
    translator.addMessage(message);
    transcript.advanceTo(message.id);
    return true;
  }

  return {
    page,
    snapshot,
    learn,

    reconcile() {
      reconciling ??= readNew()
        .catch((error: unknown) => {
          const failure = error instanceof PlatformError ? error.failure : String(error);
          logger.debug({ failure, conversation: conversationId }, "the history can't be read now");
        })
        .finally(() => (reconciling = null));
      return reconciling;
    },

    async find(content, since) {
      const { messages } = await page({
        ...(since !== null && { since }),
        limit: PAGE_MESSAGES,
      });
      const isSought = ({ role, content: text }: Message): boolean =>
        role === "user" && text === content;
      return messages.find(isSought)?.id ?? null;
    },

    begin: () => void (hasBegun = true),
  };
}
