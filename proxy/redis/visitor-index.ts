/** The visitor index of all instances: a sorted set for each visitor, by the time of the last message. */
import type { Logger } from "pino";
import { MAX_CONVERSATIONS, type VisitorIndex } from "../visitors/visitor-index.ts";
import type { RedisConnection } from "./connection.ts";
import { defineScript } from "./scripts.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

const addConversation = defineScript<
  [index: string],
  [conversation: string, time: number, maximum: number, kept: number],
  null
>(
  "addConversation",
  `
  redis.call("ZADD", KEYS[1], "GT", ARGV[2], ARGV[1])
  redis.call("ZREMRANGEBYRANK", KEYS[1], 0, -1 - ARGV[3])
  redis.call("PEXPIRE", KEYS[1], ARGV[4])
  return false`,
);

/** Entries expire `days` after their visitor's last conversation. While Redis is away the list is empty. */
export function createRedisIndex(
  redis: RedisConnection,
  options: { days: number; logger: Logger; now?: () => number },
): VisitorIndex {
  const { days, logger, now = Date.now } = options;
  const keyOf = (visitorId: string): string => redis.key(`index:${visitorId}`);
  const warn = (error: unknown): void =>
    logger.warn({ reason: String(error) }, "the visitor index can't be used now");
  return {
    async add(visitorId, conversationId) {
      await addConversation(
        redis,
        [keyOf(visitorId)],
        [conversationId, now(), MAX_CONVERSATIONS, days * DAY_MS],
      ).catch(warn);
    },
    async list(visitorId) {
      try {
        return await redis.commands.zrevrange(keyOf(visitorId), 0, -1);
      } catch (error) {
        warn(error);
        return [];
      }
    },
  };
}
