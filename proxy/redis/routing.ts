/** Finds whoever speaks for a conversation: this instance, if nobody else does. */
import { setTimeout as wait } from "node:timers/promises";
import { ProxyError, shuttingDown } from "../errors.ts";
import type { Conversation } from "../relay/conversation.ts";
import { CallError, type Calls } from "./calls.ts";
import type { RedisConnection } from "./connection.ts";
import type { FleetConversation } from "./fleet-conversation.ts";
import { instanceOf } from "./lease.ts";
import { unavailable } from "./unavailable.ts";

/** Enough for the lease of an instance that died, and for the last answer of one that ends. */
const GIVE_UP_MS = 30_000;
const RETRY_MS = 250;

export type RoutingOptions = {
  redis: RedisConnection;
  calls: Calls;
  isClosing: () => boolean;
};

/** What it needs to know of a conversation. */
export type Place = Pick<FleetConversation, "id" | "holder" | "occupy" | "acquire" | "renew">;

/** A call to the holder; rejects as `Calls.call`. */
export type CallHolder = (method: string, params?: unknown) => Promise<unknown>;

/**
 * Runs `here` when this instance speaks for the conversation, or may from now on, else `there`; and
 * again while it was given up in that moment, or a call was not answered. Other errors pass. Throws
 * `service_unavailable` while Redis is away, or when nobody is found.
 */
export type Ask = <Result>(
  place: Place,
  here: (conversation: Conversation) => Promise<Result>,
  there: (call: CallHolder) => Promise<Result>,
) => Promise<Result>;

export function createRouting({ redis, calls, isClosing }: RoutingOptions): Ask {
  function callTo(place: Place, holder: string): CallHolder {
    // A holder that has lost its lease meanwhile, and maybe has a new one, may have lost the call too.
    const isAlive = async (): Promise<boolean> => {
      await place.renew();
      return place.holder === holder;
    };
    return (method, params = null) =>
      calls.call(instanceOf(holder), { method, conversationId: place.id, params }, isAlive);
  }

  return async function ask(place, here, there) {
    const deadline = performance.now() + GIVE_UP_MS;
    let cause: unknown = "nobody speaks for the conversation";
    return place.occupy(async () => {
      for (;;) {
        const conversation = await place.acquire().catch((error: unknown) => void (cause = error));
        const { holder } = place;
        try {
          if (conversation) return await here(conversation);
          if (conversation === null && holder) return await there(callTo(place, holder));
        } catch (error) {
          if (!isTransient(error)) throw error;
          cause = error;
        }
        if (isClosing()) throw shuttingDown(cause);
        if (performance.now() > deadline || !redis.isUp()) throw unavailable(cause);
        await wait(RETRY_MS);
      }
    });
  };
}

/** A call that was not answered, and what an instance says that has just given the lease up. Nothing else: a send is not repeated on a guess. */
const isTransient = (error: unknown): boolean =>
  error instanceof ProxyError ? error.code === "shutting_down" : error instanceof CallError;

export const isLost = (error: unknown): boolean =>
  error instanceof CallError && error.reason === "lost";
