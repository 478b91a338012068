/** Where a conversation is kept in Redis. */
import type { RedisConnection } from "./connection.ts";

export type ConversationKeys = ReturnType<typeof createConversationKeys>;

/** `id` is the platform's; escaped, since it may hold anything. */
export function createConversationKeys(redis: RedisConnection, platform: string, id: string) {
  const name = `conversation:${platform}:${encodeURIComponent(id)}`;
  return {
    /** String, `<instance>:<fence>`: who speaks for it. */
    lease: redis.key(`${name}:lease`),
    /** Sorted set of instances that have viewers, by the time at which they last said so. */
    watchers: redis.key(`${name}:watchers`),
    /** Stream of events; entry `n-0` is event n: its name and its JSON. */
    log: redis.key(`${name}:log`),
    /** Hash: `epoch`, `n` of the newest event, `bytes` that the log holds, `run_id` of its Redis. */
    meta: redis.key(`${name}:meta`),
    /** Hash: where stopped answers were cut, in UTF-16 units by message id. */
    cuts: redis.key(`${name}:cuts`),
    /** String: who answers, when the platform has said so. */
    status: redis.key(`${name}:status`),
    /** Set while the platform has said something that the holder did not hear. */
    nudge: redis.key(`${name}:nudge`),
    /** Counts the leases of all conversations. */
    fence: redis.key("fence"),
    /** Tells `<epoch>-<n>` of each new event, and `free` when a lease is given up. */
    channel: redis.channel(name),
  };
}
