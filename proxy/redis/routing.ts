/** Finds whoever speaks for a conversation: this instance, if nobody else does. */
import { setTimeout as wait } from "node:timers/promises";
import { ProxyError } from "../errors.ts";
import { PlatformError } from "../platforms/platform.ts";
import type { Conversation } from "../relay/conversation.ts";
import { CallError, type Calls } from "./calls.ts";
import type { RedisConnection } from "./connection.ts";
import type { FleetConversation } from "./fleet-conversation.ts";

/** Enough for the lease of an instance that died, and for the last answer of one that ends. */
const GIVE_UP_MS = 30_000;
const RETRY_MS = 250;
const RETRY_AFTER_SECONDS = 2;

export type RoutingOptions = {
  redis: RedisConnection;
  calls: Calls;
  isClosing: () => boolean;
};

/** A call to the holder; rejects as `Calls.call`. */
export type CallHolder = (method: string, params?: unknown) => Promise<unknown>;

/**
 * Runs `here` when this instance speaks for the conversation, or may from now on, else `there`; and
 * again while it was given up in that moment, or a call was not answered. Other errors pass. Throws
 * `service_unavailable` while Redis is away, or when nobody is found.
 */
export type Ask = <Result>(
  place: FleetConversation,
  here: (conversation: Conversation) => Promise<Result>,
  there: (call: CallHolder) => Promise<Result>,
) => Promise<Result>;

export function createRouting({ redis, calls, isClosing }: RoutingOptions): Ask {
  function callTo(place: FleetConversation, holder: string): CallHolder {
    const isAlive = async (): Promise<boolean> => {
      await place.renew();
      return place.holder === holder;
    };
    return (method, params = null) =>
      calls.call(holder, { method, conversationId: place.id, params }, isAlive);
  }

  return async function ask(place, here, there) {
    const deadline = Date.now() + GIVE_UP_MS;
    return place.occupy(async () => {
      for (;;) {
        try {
          const conversation = await place.acquire();
          if (conversation) return await here(conversation);
          const { holder } = place;
          if (holder !== null) return await there(callTo(place, holder));
        } catch (error) {
          if (!isTransient(error)) throw error;
          if (isClosing()) throw closing(error);
        }
        if (Date.now() > deadline || !redis.isUp()) throw away();
        await wait(RETRY_MS);
      }
    });
  };
}

/** What Redis or a call rejects with, and what an instance says that has just given the lease up. */
function isTransient(error: unknown): boolean {
  if (error instanceof ProxyError) return error.code === "shutting_down";
  return !(error instanceof PlatformError);
}

const closing = (cause: unknown): ProxyError =>
  new ProxyError("shutting_down", { retryAfter: RETRY_AFTER_SECONDS, cause });

export const away = (cause?: unknown): ProxyError =>
  new ProxyError("service_unavailable", { retryAfter: RETRY_AFTER_SECONDS, cause });

export const isLost = (error: unknown): boolean =>
  error instanceof CallError && error.reason === "lost";
