/** One message to the platform, by whichever instance speaks for its conversation. */
import { ProxyError } from "../errors.ts";
import type { Relay, SendResult } from "../relay/relay.ts";
import type { RedisConnection } from "./connection.ts";
import type { FleetConversation } from "./fleet-conversation.ts";
import { isLost, type Ask, type CallHolder } from "./routing.ts";
import { unavailable } from "./unavailable.ts";

export type FleetSenderOptions = {
  redis: RedisConnection;
  open: (conversationId: string, isNew: boolean) => FleetConversation;
  ask: Ask;
  /** Sends what this instance speaks for, and opens new conversations. */
  sendHere: Relay["send"];
  /** All visitors share the platform's default channel. */
  isShared: boolean;
};

export function createFleetSender({
  redis,
  open,
  ask,
  sendHere,
  isShared,
}: FleetSenderOptions): Relay["send"] {
  /** That channel, once a send has told which it is: whoever speaks for it sends from then on. */
  let sharedChannel: string | null = null;

  return async function send(request, onAttempt) {
    if (!redis.isUp()) throw unavailable("Redis is away");
    const conversationId = request.conversationId ?? sharedChannel;
    if (conversationId === null) {
      const sent = await sendHere(request, onAttempt);
      if (isShared) sharedChannel = sent.conversationId;
      return sent;
    }
    let { earlier } = request;
    /** An instance that was to send it has gone: from then on it is only looked for. */
    let isOnlyLooking = false;

    const sendThere = async (call: CallHolder): Promise<SendResult> => {
      const lastMessageId = (await call("prepare")) as string | null;
      const attempt = earlier ?? { conversationId, lastMessageId };
      await onAttempt?.(attempt);
      const asked = { ...request, conversationId, earlier, isOnlyLooking };
      try {
        return (await call("send", asked)) as SendResult;
      } catch (error) {
        if (isLost(error)) {
          earlier = attempt;
          isOnlyLooking = true;
        }
        throw error;
      }
    };

    try {
      return await ask(
        // Where the first message may not have arrived there may be no conversation.
        open(conversationId, earlier?.lastMessageId === null),
        () => sendHere({ ...request, conversationId, earlier, isOnlyLooking }, onAttempt),
        sendThere,
      );
    } catch (error) {
      // Whatever kept it from being found, it may have arrived.
      throw isOnlyLooking ? new ProxyError("send_outcome_unknown", { cause: error }) : error;
    }
  };
}
