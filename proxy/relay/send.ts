/** One message to the platform: held while it is busy, checked afterwards, never doubled by us. */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import { ProxyError, shuttingDown } from "../errors.ts";
import { PlatformError, type Platform, type Sent } from "../platforms/platform.ts";
import type { Conversation } from "./conversation.ts";
import type { Attempt, OnAttempt, Relay, SendRequest, SendResult } from "./relay.ts";

const HOLD_MS = 30_000;
const HOLD_CHECK_MS = 500;
const BUSY_RETRY_AFTER_SECONDS = 5;
const HISTORY_CHECK_MESSAGES = 20;

export type SenderOptions = {
  platform: Platform;
  /** Null: another proxy has taken it over in this moment. */
  open: (conversationId: string, isNew: boolean) => Promise<Conversation | null>;
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
      if (isClosing()) throw shuttingDown();
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
    content: string,
    { lastMessageId, isNew }: Attempt & { isNew: boolean },
  ): Promise<Sent> {
    if (!conversation.mayAct) throw shuttingDown();
    try {
      const sent = await platform.send(isShared ? null : conversation.id, content);
      await checkSeparation(conversation, sent, content);
      return sent;
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (isNew && error.failure === "not-found") throw refuse(conversation);
      if (error.failure !== "unknown") throw error;
      // Its answer did not arrive; the message may have.
      const messageId = await conversation.find(content, lastMessageId).catch(() => null);
      if (messageId === null) throw error;
      return { messageId, conversationId: conversation.id };
    }
  }

  async function sendInto(
    conversation: Conversation,
    { content, key, earlier, isOnlyLooking = false }: SendRequest,
    { isNew, onAttempt }: { isNew: boolean; onAttempt: OnAttempt | undefined },
  ): Promise<SendResult> {
    const { id: conversationId } = conversation;
    await conversation.prepare();
    const arrived = earlier && (await conversation.find(content, earlier.lastMessageId));
    if (arrived === null && isOnlyLooking)
      throw new PlatformError("unknown", "the message is not among those that arrived");
    const messageId = await holdWhileBusy(conversationId, async () => {
      if (arrived !== null)
        return conversation.deliver(content, key, async () => ({
          messageId: arrived,
          conversationId,
        }));
      // What was sent earlier may still be on its way: a later look begins before that.
      const attempt = earlier ?? { conversationId, lastMessageId: conversation.lastMessageId };
      await onAttempt?.(attempt);
      return conversation.deliver(content, key, () =>
        sendOrFind(conversation, content, { ...attempt, isNew }),
      );
    });
    return { messageId, conversationId };
  }

  /** The first message of a browser into the common channel: only the answer tells the channel's id. */
  async function sendToUnknownChannel(request: SendRequest): Promise<SendResult> {
    const sent = await platform.send(null, request.content).catch((error: unknown) => {
      throw isBusy(error) ? busy(error) : error;
    });
    if (sent.conversationId === null)
      throw new PlatformError("invalid", "the platform did not name its default conversation");
    sharedChannel = sent.conversationId;
    const conversation = await open(sharedChannel, false);
    // Accepted all the same: who speaks for the channel now reads it from the history.
    if (!conversation)
      return { messageId: sent.messageId ?? randomUUID(), conversationId: sharedChannel };
    const messageId = await conversation.deliver(request.content, request.key, async () => sent);
    await conversation.prepare();
    return { messageId, conversationId: conversation.id };
  }

  return async function send(request, onAttempt) {
    if (isClosing()) throw shuttingDown();
    const conversationId = request.conversationId ?? sharedChannel;
    // Where the first message may not have arrived there may be no conversation.
    const isNew = conversationId === null || request.earlier?.lastMessageId === null;
    if (conversationId === null && isShared) return sendToUnknownChannel(request);
    if (isNew && refusesNew) throw new ProxyError("platform_refused_conversation");
    const conversation = await open(conversationId ?? platform.newConversationId(), isNew);
    if (!conversation) throw shuttingDown();
    try {
      return await conversation.occupy(() => sendInto(conversation, request, { isNew, onAttempt }));
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

const busy = (cause: unknown): ProxyError =>
  new ProxyError("conversation_busy", { retryAfter: BUSY_RETRY_AFTER_SECONDS, cause });
