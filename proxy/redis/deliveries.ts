/** Webhook deliveries that any instance has dealt with. */
import { KEPT_SECONDS, type Deliveries } from "../relay/deliveries.ts";
import type { RedisConnection } from "./connection.ts";

/** While Redis is away each counts as a new one: a second look at what it says changes nothing. */
export function createRedisDeliveries(redis: RedisConnection): Deliveries {
  const keyOf = (digest: string): string => redis.key(`delivery:${digest}`);
  return {
    has: async (digest) => (await redis.commands.exists(keyOf(digest)).catch(() => 0)) === 1,
    async add(digest) {
      await redis.commands.set(keyOf(digest), "1", "EX", KEPT_SECONDS).catch(() => null);
    },
  };
}
