/** Who answers in a conversation, for longer than its log is kept: see `relay/statuses.ts`. */
import type { ConversationStatus } from "../protocol.ts";
import { STATUS_SECONDS } from "../relay/statuses.ts";
import type { RedisConnection } from "./connection.ts";
import type { ConversationKeys } from "./conversation-keys.ts";

/** Rejects while Redis is away. */
export async function writeStatus(
  redis: RedisConnection,
  keys: ConversationKeys,
  status: ConversationStatus,
): Promise<void> {
  await redis.commands.set(keys.status, status, "EX", STATUS_SECONDS);
}

/** Null when nothing was said in the last 30 days, or while Redis is away. */
export async function readStatus(
  redis: RedisConnection,
  keys: ConversationKeys,
): Promise<ConversationStatus | null> {
  const status = await redis.commands.get(keys.status).catch(() => null);
  return status === "escalated" || status === "active" ? status : null;
}
