/** One message to the platform: held while it is busy, checked afterwards, never doubled by us. */
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import { ProxyError, shuttingDown } from "../errors.ts";
import { PlatformError, type Platform, type Sent } from "../platforms/platform.ts";
import { inConversation, wasFirst, type ConversationAttempt, type OnAttempt } from "./attempt.ts";
import { busy, isBusy } from "./busy.ts";
import { createChannelSender } from "./channel-send.ts";
import type { Conversation } from "./conversation.ts";
import type { ConversationRequest, Relay, SendResult } from "./relay.ts";
import type { SharedChannel } from "./shared-channel.ts";

const HOLD_MS = 30_000;
const HOLD_CHECK_MS = 500;
const HISTORY_CHECK_MESSAGES = 20;

export type SenderOptions = {
  platform: Platform;
  /** Null: another proxy has taken it over in this moment. */
  open: (conversationId: string, isNew: boolean) => Promise<Conversation | null>;
  forget: (conversationId: string) => void;
  /** What is held is refused then: nothing of it was sent, so it can go elsewhere. */
  isClosing: () => boolean;
  /** Null: each conversation is its visitor's. */
  channel: SharedChannel | null;
  logger: Logger;
  holdMs?: number;
};

export function createSender(options: SenderOptions): Relay["send"] {
  const { platform, open, forget, isClosing, channel, logger, holdMs = HOLD_MS } = options;
  const held = new Set<string>();
  /** The platform does not keep conversations apart: no visitor may open another one. */
  let refusesNew = false;

  /** Repeats `attempt` while the platform is busy. One waits for each conversation; a further one is refused. */
  async function holdWhileBusy<Result>(
    conversationId: string,
    attempt: () => Promise<Result>,
  ): Promise<Result> {
    const deadline = performance.now() + holdMs;
    let isHolder = false;
    try {
      for (;;) {
        try {
          return await attempt();
        } catch (error) {
          if (!isBusy(error)) throw error;
          if (performance.now() > deadline || (held.has(conversationId) && !isHolder))
            throw busy(error);
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
    } while (performance.now() < deadline);
  }

  /** On Lex an unknown id is assumed to open a conversation. What does otherwise must not be relayed. */
  async function checkSeparation(
    conversation: Conversation,
    sent: Sent,
    content: string,
  ): Promise<void> {
    if (channel || sent.conversationId === conversation.id) return;
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
    { lastMessageId, isNew }: ConversationAttempt & { isNew: boolean },
  ): Promise<Sent> {
    if (!conversation.mayAct) throw shuttingDown();
    try {
      const sent = await platform.send(channel ? null : conversation.id, content);
      await checkSeparation(conversation, sent, content);
      return sent;
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (isNew && error.failure === "not-found" && !platform.opensConversations)
        throw refuse(conversation);
      if (error.failure !== "unknown") throw error;
      // Its answer did not arrive; the message may have.
      const messageId = await conversation.find(content, lastMessageId).catch(() => null);
      if (messageId === null) throw error;
      return { messageId, conversationId: conversation.id };
    }
  }

  async function sendInto(
    conversation: Conversation,
    { content, key, earlier, isOnlyLooking = false }: ConversationRequest,
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

  async function sendToConversation(
    request: ConversationRequest,
    onAttempt?: OnAttempt,
  ): Promise<SendResult> {
    const { conversationId } = request;
    const isNew = conversationId === null || wasFirst(request.earlier);
    if (isNew && refusesNew) throw new ProxyError("platform_refused_conversation");
    const conversation = await open(conversationId ?? (await platform.newConversationId()), isNew);
    if (!conversation) throw shuttingDown();
    try {
      return await conversation.occupy(() => sendInto(conversation, request, { isNew, onAttempt }));
    } catch (error) {
      // Nothing arrived in it: a conversation that nobody will ever ask for again.
      const isUnknown = error instanceof PlatformError && error.failure === "unknown";
      if (isNew && !isUnknown) forget(conversation.id);
      throw error;
    }
  }

  const sendToChannel = channel && createChannelSender({ channel, open, send: sendToConversation });

  return async function send(request, onAttempt) {
    if (isClosing()) throw shuttingDown();
    if (sendToChannel) return sendToChannel(request, onAttempt);
    return sendToConversation({ ...request, earlier: inConversation(request.earlier) }, onAttempt);
  };
}
