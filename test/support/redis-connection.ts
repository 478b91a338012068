/** A connection of one instance to the Redis of a test. */
import { pino } from "pino";
import { expect, vi } from "vitest";
import { createRedis, type RedisConnection } from "../../proxy/redis/connection.ts";
import { closeLater } from "./close-later.ts";
import type { TestRedis } from "./redis.ts";

/** Resolves when it is up. */
export async function connectTo(server: TestRedis): Promise<RedisConnection> {
  const redis = createRedis(server.url, pino({ level: "silent" }));
  closeLater(() => redis.close());
  await untilUp(redis);
  return redis;
}

export const untilUp = (redis: RedisConnection): Promise<void> => until(redis, true);
export const untilDown = (redis: RedisConnection): Promise<void> => until(redis, false);

const until = (redis: RedisConnection, isUp: boolean): Promise<void> =>
  vi.waitFor(() => expect(redis.isUp()).toBe(isUp), { timeout: 10_000, interval: 10 });
