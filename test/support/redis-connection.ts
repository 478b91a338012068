/** A connection of one instance to the Redis of a test. */
import { pino } from "pino";
import { expect } from "vitest";
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

export const untilUp = (redis: RedisConnection): Promise<void> =>
  expect.poll(() => redis.isUp(), { timeout: 10_000, interval: 10 }).toBe(true);

export const untilDown = (redis: RedisConnection): Promise<void> =>
  expect.poll(() => redis.isUp(), { timeout: 10_000, interval: 10 }).toBe(false);
