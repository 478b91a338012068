/** One instance tells the others that the configuration agent may have changed the branding. */
import { randomUUID } from "node:crypto";
import type { RedisConnection } from "./connection.ts";
import { keepListening } from "./keep-listening.ts";

export type BrandingNews = {
  /** While Redis is away nobody hears it: each asks on its own in a few minutes. */
  tell: () => void;
  close: () => void;
};

/** `onNews`: another instance has told it. */
export function createBrandingNews(redis: RedisConnection, onNews: () => void): BrandingNews {
  const channel = redis.channel("branding");
  const own = randomUUID();
  const close = keepListening(redis, channel, (from) => {
    if (from !== own) onNews();
  });
  return {
    tell: () => void redis.commands.publish(channel, own).catch(() => undefined),
    close,
  };
}
