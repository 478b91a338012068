/** Reading a conversation's history from the platform: pages for visitors, and what the stream left out. */
import type { Logger } from "pino";
import { PlatformError, type Page, type PageQuery, type Platform } from "../platforms/platform.ts";
import type { ConversationState, Message } from "../protocol.ts";
import { toSnapshot, type Moment, type PlacedSnapshot } from "./snapshot.ts";
import type { RelayTimes } from "./times.ts";
import type { Transcript } from "./transcript.ts";
import type { Translator } from "./translator.ts";

/** Messages in a snapshot; older ones are read by `before`. */
export const SNAPSHOT_MESSAGES = 50;
const PAGE_MESSAGES = 100;
const MAX_PAGES = 20;

export type HistoryOptions = {
  conversationId: string;
  /** Opened here a moment ago: the platform does not know it before its first message. */
  isNew: boolean;
  platform: Platform;
  transcript: Transcript;
  translator: Translator;
  /** Called right before a page is asked for. */
  look: () => Promise<Moment>;
  /** An accepted message has no answer yet. */
  isAwaiting: () => boolean;
  isClosed: () => boolean;
  /** The newest message is a visitor's, and the platform works on its answer. */
  onAwaited: (state: ConversationState) => void;
  times: RelayTimes;
  logger: Logger;
};

/** What the platform says that it is doing; null when it can't be asked. */
export type KnownState = ConversationState | null;

/** What is told after this moment may be in the page, or not. `lastId`: of the newest message told before. */
type Read = { page: Page; moment: Moment; lastId: string | null };

export type History = {
  /** As this conversation's visitors may see it. Rejects with a `PlatformError`. */
  page: (query: PageQuery) => Promise<Page>;
  /** The conversation as it is now; `told` as in `Moment`. Rejects with a `PlatformError`. */
  snapshot: () => Promise<PlacedSnapshot & Pick<Moment, "told">>;
  /** Reads what is there already, unless it has been read. */
  learn: () => Promise<void>;
  /**
   * Adds what is new; false when not all of it could be read. `state` is the platform's, from before
   * the call; it is asked for when it is not given. Never rejects; calls at the same time share one read.
   */
  reconcile: (state?: KnownState) => Promise<boolean>;
  /**
   * Ends the answer before a message that the platform has just taken; false when it could not be read.
   * Never rejects.
   */
  endEarlier: (sent: { id: string | null; content: string }) => Promise<boolean>;
  /** The id of a user message with this text that is newer than `since`; null is the beginning. */
  find: (content: string, since: string | null) => Promise<string | null>;
  /** The first message has arrived: from now on the platform knows the conversation. */
  begin: () => void;
};

const toAnswer = (message: Message | undefined): Message | null =>
  message?.role === "assistant" ? message : null;

export function createHistory(options: HistoryOptions): History {
  const { conversationId, platform, transcript, translator, times, logger } = options;
  let hasBegun = !options.isNew;
  let isKnown = options.isNew;
  let learning: Promise<Read> | null = null;
  let reconciling: Promise<boolean> | null = null;
  /** The newest message, which the platform says is still being written, and since when it is the same. */
  let unfinished: { id: string; content: string; since: number } | null = null;

  async function read(query: PageQuery): Promise<Read> {
    const moment = await options.look();
    const lastId = transcript.lastId();
    const page = await platform.messages(conversationId, query).catch((error: unknown) => {
      const isUnknown = error instanceof PlatformError && error.failure === "not-found";
      if (isUnknown && !hasBegun) return { messages: [], hasMore: false };
      throw error;
    });
    return { page, moment, lastId };
  }

  const askState = (): Promise<KnownState> => platform.state(conversationId).catch(() => null);

  /** The first page, read once by all who ask at the same time: what is in it is not new. */
  function learn(): Promise<Read> {
    const first = async (): Promise<Read> => {
      // Asked before: what is idle then has whole messages only.
      const state = await askState();
      const { page: all, ...seen } = await read({ limit: SNAPSHOT_MESSAGES });
      const page = state === "idle" || state === null ? all : withoutNewestAnswer(all);
      const end = translator.answer()?.isResumed ? toAnswer(page.messages.at(-1)) : null;
      for (const message of page.messages) if (message !== end) transcript.advanceTo(message.id);
      // Its end came while no proxy was there to hear it.
      if (end) translator.endAnswer(end);
      const isAsked = all.messages.at(-1)?.role === "user";
      if (isAsked && state !== null && state !== "idle") options.onAwaited(state);
      isKnown = true;
      return { page, ...seen };
    };
    learning ??= first().finally(() => (learning = null));
    return learning;
  }

  const isUntold = ({ id, role }: Message): boolean => role === "assistant" && !transcript.has(id);

  /** It has an answer whose end was not told before it was asked for. */
  function isAhead({ page: { messages }, lastId }: Read): boolean {
    const last = messages.findIndex(({ id }) => id === lastId);
    if (last < 0) return messages.some(isUntold);
    return messages.slice(last + 1).some(({ role }) => role === "assistant");
  }

  /**
   * A page that ends with what is whole: some platforms keep an answer while they write it. What came
   * behind this proxy's back is told before the page that shows it.
   */
  async function readWhole(query: PageQuery): Promise<Read> {
    const first = await read(query);
    const isNewest =
      query.before === undefined && (query.since === undefined || !first.page.hasMore);
    if (!isNewest || !isAhead(first)) return first;
    await reconcile();
    const { page, ...seen } = await read(query);
    const newest = page.messages.at(-1);
    return { page: newest && isUntold(newest) ? withoutNewestAnswer(page) : page, ...seen };
  }

  const show = (page: Page): Page => ({ ...page, messages: transcript.applyCuts(page.messages) });

  const page = async (query: PageQuery): Promise<Page> => show((await readWhole(query)).page);

  async function snapshot(): ReturnType<History["snapshot"]> {
    // What is found right now is told before it, not behind.
    await reconciling;
    const { page, moment } = await (isKnown ? readWhole({ limit: SNAPSHOT_MESSAGES }) : learn());
    const { at, told } = moment;
    return { data: toSnapshot(show(page), moment), at, told };
  }

  async function readNew(given: KnownState | undefined): Promise<boolean> {
    if (!hasBegun) return true;
    if (!isKnown) {
      await learn();
      return true;
    }
    const state = given === undefined ? await askState() : given;
    for (let count = 0; count < MAX_PAGES; count += 1) {
      const since = transcript.lastId();
      const query = since === null ? { limit: PAGE_MESSAGES } : { since, limit: PAGE_MESSAGES };
      const { messages, hasMore } = await platform.messages(conversationId, query);
      for (const message of messages) {
        const isNewest = message === messages.at(-1);
        if (options.isClosed() || (isNewest && isUnfinished(message, state))) return false;
        add(message);
      }
      if (!hasMore || since === null) return true;
    }
    return false;
  }

  function isUnfinished({ id, role, content }: Message, state: KnownState): boolean {
    if (role !== "assistant" || state === "idle" || transcript.has(id)) return false;
    const isSame = unfinished?.id === id && unfinished.content === content;
    if (!isSame) unfinished = { id, content, since: performance.now() };
    const patience = state === null ? times.unchangedMs : times.stuckMs;
    return unfinished === null || performance.now() - unfinished.since < patience;
  }

  function add(message: Message): void {
    const isAwaited = translator.answer() !== null || options.isAwaiting();
    if (message.role === "assistant" && isAwaited && !transcript.has(message.id)) {
      translator.endAnswer(message);
      return;
    }
    translator.addMessage(message);
    transcript.advanceTo(message.id);
  }

  function reconcile(state?: KnownState): Promise<boolean> {
    reconciling ??= readNew(state)
      .catch((error: unknown) => {
        const failure = error instanceof PlatformError ? error.failure : String(error);
        logger.debug({ failure, conversation: conversationId }, "the history can't be read now");
        return false;
      })
      .finally(() => (reconciling = null));
    return reconciling;
  }

  return {
    page,
    snapshot,

    learn: async () => {
      if (!isKnown) await learn();
    },

    reconcile,

    async endEarlier({ id, content }) {
      const since = transcript.lastId();
      const query = { ...(since !== null && { since }), limit: PAGE_MESSAGES };
      const page = await read(query)
        .then(({ page }) => page)
        .catch(() => null);
      const messages = page?.messages ?? [];
      const isSent = (message: Message): boolean =>
        id === null ? message.role === "user" && message.content === content : message.id === id;
      messages.slice(0, Math.max(0, messages.findIndex(isSent))).forEach(add);
      return page !== null;
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

function withoutNewestAnswer(page: Page): Page {
  const isAnswer = page.messages.at(-1)?.role === "assistant";
  return isAnswer ? { ...page, messages: page.messages.slice(0, -1) } : page;
}
