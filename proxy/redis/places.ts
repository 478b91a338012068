/** Places that all instances share: each writes how many it has taken, and that it is alive. */
import { randomUUID } from "node:crypto";
import { createTally, tooManyStreams, type Place, type Places } from "../middleware/places.ts";
import type { RedisConnection } from "./connection.ts";
import { defineScript, NOW } from "./scripts.ts";

/** The places of an instance that has not said for so long that it lives are free again. */
const LEASE_MS = 10_000;
const RENEW_MS = 3000;
/** Of the counts: longer than they stay right while nobody comes or goes. */
const KEPT_MS = 24 * 60 * 60 * 1000;
/** In one go, when an instance writes all that it has taken. */
const CHUNK = 500;

/** `instances` has a score for each: the millisecond at which it counts as dead. 0: it did already. */
const renewInstance = defineScript<[instances: string], [instance: string, lease: number], 0 | 1>(
  "renewInstance",
  `${NOW}
  local deadline = redis.call("ZSCORE", KEYS[1], ARGV[1])
  redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", now)
  redis.call("ZADD", KEYS[1], now + ARGV[2], ARGV[1])
  return (deadline and tonumber(deadline) > now) and 1 or 0`,
);

/** The other keys are hashes: instance → how many it has taken. 0: one is full, none was taken. */
const takePlaces = defineScript<
  [instances: string, ...counts: string[]],
  [instance: string, kept: number, ...maxima: number[]],
  0 | 1
>(
  "takePlaces",
  `${NOW}
  for index = 2, #KEYS do
    local sum = 0
    local counts = redis.call("HGETALL", KEYS[index])
    for field = 1, #counts, 2 do
      local deadline = redis.call("ZSCORE", KEYS[1], counts[field])
      if deadline and tonumber(deadline) > now then sum = sum + counts[field + 1]
      else redis.call("HDEL", KEYS[index], counts[field]) end
    end
    if sum >= tonumber(ARGV[index + 1]) then return 0 end
  end
  for index = 2, #KEYS do
    redis.call("HINCRBY", KEYS[index], ARGV[1], 1)
    redis.call("PEXPIRE", KEYS[index], ARGV[2])
  end
  return 1`,
);

const givePlacesBack = defineScript<string[], [instance: string], null>(
  "givePlacesBack",
  `
  for _, key in ipairs(KEYS) do
    if redis.call("HINCRBY", key, ARGV[1], -1) <= 0 then redis.call("HDEL", key, ARGV[1]) end
  end
  return false`,
);

const writePlaces = defineScript<
  string[],
  [instance: string, kept: number, ...counts: number[]],
  null
>(
  "writePlaces",
  `
  for index, key in ipairs(KEYS) do
    redis.call("HSET", key, ARGV[1], ARGV[index + 2])
    redis.call("PEXPIRE", key, ARGV[2])
  end
  return false`,
);

export function createRedisPlaces(redis: RedisConnection): Places {
  const tally = createTally();
  const instances = redis.key("instances");
  const keyOf = (place: string): string => redis.key(`places:${place}`);
  let instance = "";

  /**
   * Under a new name, so that what was written before counts no more: while it was away, or taken for
   * dead, this instance could not write what was given back. In one tick, so that what is taken or
   * given back next comes after it.
   */
  function join(): void {
    const former = instance;
    instance = randomUUID();
    const commands: Array<Promise<unknown>> = [
      renewInstance(redis, [instances], [instance, LEASE_MS]),
    ];
    if (former !== "") commands.push(redis.commands.zrem(instances, former));
    const entries = tally.entries();
    for (let start = 0; start < entries.length; start += CHUNK) {
      const chunk = entries.slice(start, start + CHUNK);
      const keys = chunk.map(([place]) => keyOf(place));
      const counts = chunk.map(([, count]) => count);
      commands.push(writePlaces(redis, keys, [instance, KEPT_MS, ...counts]));
    }
    // Whatever fails here fails since Redis is away again, and is done again when it is back.
    for (const command of commands) command.catch(() => undefined);
  }

  async function renew(): Promise<void> {
    const wasAlive = await renewInstance(redis, [instances], [instance, LEASE_MS]);
    if (wasAlive === 0) join();
  }

  redis.onUp(join);
  if (redis.isUp()) join();
  redis.every(RENEW_MS, renew);

  return {
    async take(places) {
      const giveBackHere = tally.take(places);
      const keys = places.map(([place]) => keyOf(place));
      const giveBack = (): void => {
        givePlacesBack(redis, keys, [instance]).catch(() => undefined);
      };
      const asked = instance;
      if (redis.isUp() && (await isFull(keys, places))) {
        giveBackHere();
        // It has joined again meanwhile, with this place among those that it has taken.
        if (asked !== instance) giveBack();
        throw tooManyStreams();
      }
      return () => {
        if (giveBackHere()) giveBack();
      };
    },
  };

  async function isFull(keys: string[], places: readonly Place[]): Promise<boolean> {
    const maxima = places.map(([, maximum]) => maximum);
    const taken = await takePlaces(redis, [instances, ...keys], [instance, KEPT_MS, ...maxima])
      // Away after all: then this instance's own count is what there is.
      .catch(() => 1);
    return taken === 0;
  }
}
