/** One message to the platform, by whichever instance speaks for its conversation. */
import { ProxyError } from "../errors.ts";
import type { Relay, SendRequest, SendResult } from "../relay/relay.ts";
import type { RedisConnection } from "./connection.ts";
import type { FleetConversation } from "./fleet-conversation.ts";
import { away, isLost, type Ask, type CallHolder } from "./routing.ts";

export type FleetSenderOptions = {
  redis: RedisConnection;
  open: (conversationId: string, isNew: boolean) => FleetConversation;
  ask: Ask;
  /** Sends what this instance speaks for, and opens new conversations. */
  sendHere: Relay["send"];
};

export function createFleetSender({
  redis,
  open,
  ask,
  sendHere,
}: FleetSenderOptions): Relay["send"] {
  return async function send(request, onAttempt) {
    if (!redis.isUp()) throw away();
    const { conversationId } = request;
    if (conversationId === null) return sendHere(request, onAttempt);
    let { earlier } = request;
    /** An instance that was to send it has gone: from then on it is only looked for. */
    let isOnlyLooking = false;

    async function sendThere(call: CallHolder): Promise<SendResult> {
      const lastMessageId = (await call("prepare")) as string | null;
      const attempt = earlier ?? { conversationId: conversationId ?? "", lastMessageId };
      await onAttempt?.(attempt);
      const asked: SendRequest = { ...request, earlier, isOnlyLooking };
      try {
        return (await call("send", asked)) as SendResult;
      } catch (error) {
        if (isLost(error)) {
          earlier = attempt;
          isOnlyLooking = true;
        }
        throw error;
      }
    }

    try {
      return await ask(
        // Where the first message may not have arrived there may be no conversation.
        open(conversationId, earlier?.lastMessageId === null),
        () => sendHere({ ...request, earlier, isOnlyLooking }, onAttempt),
        sendThere,
      );
    } catch (error) {
      // Whatever kept it from being found, it may have arrived.
      throw isOnlyLooking ? new ProxyError("send_outcome_unknown", { cause: error }) : error;
    }
  };
}
