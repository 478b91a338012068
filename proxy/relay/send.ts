/** One message to the platform: held while it is busy, checked afterwards, never doubled by us. */
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import { ProxyError } from "../errors.ts";
import { PlatformError, type Platform, type Sent } from "../platforms/platform.ts";
import type { Conversation } from "./conversation.ts";
import type { Relay, SendRequest, SendResult } from "./relay.ts";

const HOLD_MS = 30_000;
const HOLD_CHECK_MS = 500;
const BUSY_RETRY_AFTER_SECONDS = 5;
const HISTORY_CHECK_MESSAGES = 20;

export type SenderOptions = {
  platform: Platform;
  open: (conversationId: string, isNew: boolean) => Conversation;
  forget: (conversationId: string) => void;
  /** What is held is refused then: nothing of it was sent, so it can go elsewhere. */
  isClosing: () => boolean;
  /** All visitors share the platform's default channel. */
  isShared: boolean;
  logger: Logger;
  holdMs?: number;
};

export function createSender(options: SenderOptions): Relay["send"] {
  const { platform, open, forget, isClosing, isShared, logger, holdMs = HOLD_MS } = options;
  const held = new Set<string>();
  /** The platform does not keep conversations apart: no visitor may open another one. */
  let refusesNew = false;
  /** The platform's default channel, once a send has told which it is. */
  let sharedChannel: string | null = null;

  /** Repeats `attempt` while the platform is busy. One waits for each conversation; a further one is refused. */
  async function holdWhileBusy<Result>(
    conversationId: string,
    attempt: () => Promise<Result>,
  ): Promise<Result> {
    const deadline = Date.now() + holdMs;
    let isHolder = false;
    try {
      for (;;) {
        try {
          return await attempt();
        } catch (error) {
          if (!isBusy(error)) throw error;
          if (Date.now() > deadline || (held.has(conversationId) && !isHolder)) throw busy(error);
          held.add(conversationId);
          isHolder = true;
          await waitUntilIdle(conversationId, deadline);
        }
      }
    } finally {
      if (isHolder) held.delete(conversationId);
    }
  }

  async function waitUntilIdle(conversationId: string, deadline: number): Promise<void> {
    do {
      await wait(HOLD_CHECK_MS);
      if (isClosing()) throw closing();
      const state = await platform.state(conversationId).catch(() => "thinking");
      if (state === "idle") return;
    } while (Date.now() < deadline);
  }

  /** On Lex an unknown id is assumed to open a conversation. What does otherwise must not be relayed. */
  async function checkSeparation(
    conversation: Conversation,
    sent: Sent,
    content: string,
  ): Promise<void> {
    if (isShared || sent.conversationId === conversation.id) return;
    if (sent.conversationId === null) {
      const query = { limit: HISTORY_CHECK_MESSAGES };
      const { messages } = await platform.messages(conversation.id, query).catch(() => {
        // It was accepted, and where to can't be seen now: the next try has to look before it sends.
        throw new PlatformError("unknown", "the platform's history can't be read after a send");
      });
      if (messages.some((message) => message.role === "user" && message.content === content))
        return;
    }
    throw refuse(conversation);
  }

  function refuse(conversation: Conversation): ProxyError {
    refusesNew = true;
    forget(conversation.id);
    logger.error(
      { conversation: conversation.id },
      "the platform did not open a conversation under the id it was given: visitors can't be kept apart, so no new conversation is accepted until a restart. For one channel that everybody shares set CONVERSATIONS=shared",
    );
    return new ProxyError("platform_refused_conversation");
  }

  async function sendOrFind(
    conversation: Conversation,
    request: SendRequest,
    isNew: boolean,
  ): Promise<Sent> {
    const { content } = request;
    if (!conversation.mayAct) throw closing();
    try {
      const sent = await platform.send(isShared ? null : conversation.id, content);
      await checkSeparation(conversation, sent, content);
      return sent;
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (isNew && error.failure === "not-found") throw refuse(conversation);
      if (error.failure !== "unknown") throw error;
      return found(conversation, content, error);
    }
  }

  /** Whether a send arrived whose answer did not. */
  async function found(
    conversation: Conversation,
    content: string,
    cause: PlatformError,
  ): Promise<Sent> {
    const messageId = await conversation.findUnconfirmed(content).catch(() => null);
    if (messageId === null) throw cause;
    return { messageId, conversationId: conversation.id };
  }

  async function sendInto(
    conversation: Conversation,
    request: SendRequest,
    isNew: boolean,
  ): Promise<SendResult> {
    await conversation.prepare();
    const arrived = request.mayHaveArrived
      ? await conversation.findUnconfirmed(request.content)
      : null;
    const attempt = async (): Promise<Sent> =>
      arrived === null
        ? sendOrFind(conversation, request, isNew)
        : { messageId: arrived, conversationId: conversation.id };
    const messageId = await holdWhileBusy(conversation.id, () =>
      conversation.deliver(request.content, request.key, attempt),
    );
    return { messageId, conversationId: conversation.id };
  }

  /** The first message of a browser into the common channel: only the answer tells the channel's id. */
  async function sendToUnknownChannel(request: SendRequest): Promise<SendResult> {
    const sent = await platform.send(null, request.content).catch((error: unknown) => {
      throw isBusy(error) ? busy(error) : error;
    });
    if (sent.conversationId === null)
      throw new PlatformError("invalid", "the platform did not name its default conversation");
    sharedChannel = sent.conversationId;
    const conversation = open(sharedChannel, false);
    const messageId = await conversation.deliver(request.content, request.key, async () => sent);
    await conversation.prepare();
    return { messageId, conversationId: conversation.id };
  }

  return async function send(request, onOpened) {
    if (isClosing()) throw closing();
    const conversationId = request.conversationId ?? sharedChannel;
    const isNew = conversationId === null;
    if (isNew && isShared) return sendToUnknownChannel(request);
    if (isNew && refusesNew) throw new ProxyError("platform_refused_conversation");
    const conversation = open(conversationId ?? platform.newConversationId(), isNew);
    try {
      return await conversation.occupy(async () => {
        await onOpened?.(conversation.id);
        return sendInto(conversation, request, isNew);
      });
    } catch (error) {
      // Nothing arrived in it: a conversation that nobody will ever ask for again.
      const isUnknown = error instanceof PlatformError && error.failure === "unknown";
      if (isNew && !isUnknown) forget(conversation.id);
      throw error;
    }
  };
}

const isBusy = (error: unknown): boolean =>
  error instanceof PlatformError && error.failure === "busy";

const closing = (): ProxyError => new ProxyError("shutting_down", { retryAfter: 2 });

const busy = (cause: unknown): ProxyError =>
  new ProxyError("conversation_busy", { retryAfter: BUSY_RETRY_AFTER_SECONDS, cause });
