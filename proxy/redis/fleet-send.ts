/** One message to the platform, by whichever instance speaks for its conversation. */
import { ProxyError } from "../errors.ts";
import { wasFirst } from "../relay/attempt.ts";
import type { Relay, SendResult } from "../relay/relay.ts";
import type { SharedChannel } from "../relay/shared-channel.ts";
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
  /** Whoever speaks for it sends into it, once a send has told which it is. */
  channel: SharedChannel | null;
};

export function createFleetSender({
  redis,
  open,
  ask,
  sendHere,
  channel,
}: FleetSenderOptions): Relay["send"] {
  return async function send(request, onAttempt) {
    if (!redis.isUp()) throw unavailable("Redis is away");
    const conversationId = request.conversationId ?? channel?.id() ?? null;
    if (conversationId === null) return sendHere(request, onAttempt);
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
        open(conversationId, wasFirst(earlier)),
        () => sendHere({ ...request, conversationId, earlier, isOnlyLooking }, onAttempt),
        sendThere,
      );
    } catch (error) {
      // Whatever kept it from being found, it may have arrived.
      throw isOnlyLooking ? new ProxyError("send_outcome_unknown", { cause: error }) : error;
    }
  };
}
