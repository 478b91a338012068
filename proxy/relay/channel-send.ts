/** One message to the channel that all visitors share, as long as nobody here knows which it is. */
import { randomUUID } from "node:crypto";
import { PlatformError } from "../platforms/platform.ts";
import { inConversation, type OnAttempt } from "./attempt.ts";
import { busy, isBusy } from "./busy.ts";
import type { Conversation } from "./conversation.ts";
import type { ConversationRequest, Relay, SendRequest, SendResult } from "./relay.ts";
import type { ChannelMessage, SharedChannel } from "./shared-channel.ts";

export type ChannelSenderOptions = {
  channel: SharedChannel;
  open: (conversationId: string, isNew: boolean) => Promise<Conversation | null>;
  /** Sends into a conversation that is known. */
  send: (request: ConversationRequest, onAttempt?: OnAttempt) => Promise<SendResult>;
};

export function createChannelSender({ channel, open, send }: ChannelSenderOptions): Relay["send"] {
  async function show(sent: ChannelMessage, { content, key }: SendRequest): Promise<SendResult> {
    const { conversationId } = sent;
    // It has arrived, whatever fails from here on; whoever reads the channel finds it in the history.
    const conversation = await open(conversationId, false).catch(() => null);
    if (!conversation) return { messageId: sent.messageId ?? randomUUID(), conversationId };
    const messageId = await conversation.deliver(content, key, async () => sent);
    await conversation.prepare().catch(() => undefined);
    return { messageId, conversationId };
  }

  return async function sendIntoChannel(request, onAttempt) {
    const { content, earlier, isOnlyLooking = false } = request;
    const tried = earlier?.conversationId === null ? earlier : null;
    if (tried) {
      const arrived = await channel.find(content, tried);
      if (arrived) return show(arrived, request);
      if (isOnlyLooking) throw new PlatformError("unknown", "the message is in no conversation");
    }
    const conversationId = request.conversationId ?? channel.id();
    if (conversationId !== null)
      return send({ ...request, conversationId, earlier: inConversation(earlier) }, onAttempt);
    const attempt = tried ?? (await channel.mark());
    await onAttempt?.(attempt);
    const sent = await channel.send(content, attempt).catch((error: unknown) => {
      throw isBusy(error) ? busy(error) : error;
    });
    return show(sent, request);
  };
}
