/** The Idempotency-Keys of all instances, in Redis. */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import type { Claim, ClaimAnswer, IdempotencyStore, Purpose } from "../relay/idempotency.ts";
import type { Attempt } from "../relay/attempt.ts";
import type { RedisConnection } from "./connection.ts";
import { defineScript, NOW } from "./scripts.ts";
import { unavailable } from "./unavailable.ts";

const KEPT_MS = 24 * 60 * 60 * 1000;
/** An instance that has not renewed its claim for so long is taken for dead. */
const LEASE_MS = 10_000;
const RENEW_MS = 3000;
/** A send that ends even later is looked for by whoever repeats its key. */
const CLOSE_MS = 5000;

/**
 * A hash: `fingerprint` and `target` · while it is under way `owner`, and `lease`, the millisecond at
 * which it ends · `attempt` from the first try on · `result` at the end, alone with the first two.
 */
const claimKey = defineScript<
  [entry: string],
  [fingerprint: string, target: string, owner: string, lease: number, kept: number],
  ["claimed" | "done", string] | ["running"] | ["reused"]
>(
  "claimKey",
  `${NOW}
  local fingerprint, target, lease, attempt, result = unpack(
    redis.call("HMGET", KEYS[1], "fingerprint", "target", "lease", "attempt", "result"))
  local isRunning = lease and tonumber(lease) > now
  -- One that ended before it sent anything leaves the key free.
  if fingerprint and (isRunning or attempt or result) then
    local isUnknown = attempt and not isRunning and not result
    if fingerprint ~= ARGV[1] or (target ~= ARGV[2] and not isUnknown) then return {"reused"} end
    if result then return {"done", result} end
    if isRunning then return {"running"} end
  end
  redis.call("HSET", KEYS[1], "fingerprint", ARGV[1], "target", ARGV[2],
    "owner", ARGV[3], "lease", now + ARGV[4])
  redis.call("PEXPIRE", KEYS[1], ARGV[5])
  return {"claimed", attempt or ""}`,
);

/** Renews the lease, and keeps `attempt` unless it is empty. 0 when the claim is another's by now. */
const holdKey = defineScript<
  [entry: string],
  [owner: string, lease: number, attempt: string],
  0 | 1
>(
  "holdKey",
  `${NOW}
  if redis.call("HGET", KEYS[1], "owner") ~= ARGV[1] then return 0 end
  redis.call("HSET", KEYS[1], "lease", now + ARGV[2])
  if ARGV[3] ~= "" then redis.call("HSET", KEYS[1], "attempt", ARGV[3]) end
  return 1`,
);

/** Ends the claim, unless it is another's by now: with a result, as unknown, or without a trace. */
const endKey = defineScript<
  [entry: string],
  [owner: string, outcome: "done" | "unknown" | "free", result: string],
  0 | 1
>(
  "endKey",
  `
  if redis.call("HGET", KEYS[1], "owner") ~= ARGV[1] then return 0 end
  if ARGV[2] == "free" then return redis.call("DEL", KEYS[1]) end
  redis.call("HDEL", KEYS[1], "owner", "lease")
  if ARGV[2] == "done" then
    redis.call("HDEL", KEYS[1], "attempt")
    redis.call("HSET", KEYS[1], "result", ARGV[3])
  end
  return 1`,
);

/** `Result` is kept as JSON. What is remembered is as durable as Redis is set up to be. */
export function createRedisIdempotency<Result>(
  redis: RedisConnection,
  logger: Logger,
): IdempotencyStore<Result> {
  const open = new Set<Promise<void>>();

  function start(entry: string, owner: string, earlier: Attempt | null): Claim<Result> {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    open.add(ended);
    const renewing = setInterval(() => {
      holdKey(redis, [entry], [owner, LEASE_MS, ""]).catch(() => undefined);
    }, RENEW_MS);

    async function end(outcome: "done" | "unknown" | "free", result = ""): Promise<void> {
      clearInterval(renewing);
      try {
        await endKey(redis, [entry], [owner, outcome, result]);
      } catch (error) {
        // The lease ends on its own; whoever repeats the key then looks for the message first.
        logger.warn({ outcome, reason: String(error) }, "a send's outcome is not kept");
      }
      open.delete(ended);
      resolve();
    }

    return {
      earlier,
      async remember(attempt) {
        const isOurs = await holdKey(
          redis,
          [entry],
          [owner, LEASE_MS, JSON.stringify(attempt)],
        ).catch((error: unknown) => {
          throw unavailable(error);
        });
        if (isOurs === 0) throw unavailable("the send has passed on to another instance");
      },
      release: () => end("free"),
      suspend: () => end("unknown"),
      complete: (result) => end("done", JSON.stringify(result)),
    };
  }

  return {
    async claim(id, { fingerprint, target }: Purpose): Promise<ClaimAnswer<Result>> {
      const entry = redis.key(`send:${id}`);
      const owner = randomUUID();
      const [status, text = ""] = await claimKey(
        redis,
        [entry],
        [fingerprint, target ?? "", owner, LEASE_MS, KEPT_MS],
      ).catch((error: unknown) => {
        throw unavailable(error);
      });
      if (status === "done") return { status, result: JSON.parse(text) as Result };
      if (status !== "claimed") return { status };
      const earlier = text === "" ? null : (JSON.parse(text) as Attempt);
      return { status, claim: start(entry, owner, earlier) };
    },

    async close() {
      await Promise.race([Promise.all(open), wait(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}
