/** Limits that all instances count together. While Redis is away each counts for itself. */
import { RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import type { LimitStore } from "../middleware/limits.ts";
import type { RedisConnection } from "./connection.ts";
import { createRedisPlaces } from "./places.ts";

export const createRedisLimits = (redis: RedisConnection): LimitStore => ({
  limiter: (name, points, duration) =>
    new RateLimiterRedis({
      storeClient: redis.commands,
      keyPrefix: redis.key(`limit:${name}`),
      points,
      duration,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory({ points, duration }),
    }),
  places: createRedisPlaces(redis),
});
