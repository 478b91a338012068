/** Takes what the platform says by webhook to whoever speaks for the conversation, or keeps it for the next one. */
import { ProxyError } from "../errors.ts";
import type { Platform } from "../platforms/platform.ts";
import type { Conversation } from "../relay/conversation.ts";
import type { Relay } from "../relay/relay.ts";
import { CallError, type Calls } from "./calls.ts";
import type { RedisConnection } from "./connection.ts";
import { createConversationKeys } from "./conversation-keys.ts";
import { findHolder, instanceOf, LEASE_MS } from "./lease.ts";
import { writeStatus } from "./status.ts";
import { unavailable } from "./unavailable.ts";

/** Whoever watches has the lease by then; whoever comes later reads all of it anyway. */
const NOTE_MS = 3 * LEASE_MS;

export type NudgeOptions = {
  redis: RedisConnection;
  platform: Pick<Platform, "name">;
  instance: string;
  calls: Pick<Calls, "call">;
  /** The conversation, while this instance speaks for it. */
  find: (conversationId: string) => Conversation | null;
};

/** Neither platform is documented to repeat a webhook: only what can't be kept is refused. */
export function createNudge(options: NudgeOptions): Relay["nudge"] {
  const { redis, platform, instance, calls, find } = options;

  return async (conversationId, status) => {
    const keys = createConversationKeys(redis, platform.name, conversationId);

    /** False when it is dead, frozen or about to leave. */
    async function hears(holder: string): Promise<boolean> {
      const conversation = find(conversationId);
      if (conversation) conversation.nudge(status);
      if (conversation || instanceOf(holder) === instance) return conversation !== null;
      const call = { method: "nudge", conversationId, params: status ?? null };
      return calls
        .call(instanceOf(holder), call, async () => false)
        .then(
          () => true,
          (error: unknown) => {
            if (error instanceof CallError || error instanceof ProxyError) return false;
            throw error;
          },
        );
    }

    try {
      if (status) await writeStatus(redis, keys, status);
      const holder = await findHolder(redis, keys);
      if (holder === null) return false;
      if (!(await hears(holder))) await redis.commands.set(keys.nudge, "1", "PX", NOTE_MS);
      return true;
    } catch (error) {
      // Not kept: the platform has to say it again.
      throw unavailable(error);
    }
  };
}
