/** Who speaks for a conversation: one proxy of the fleet, for as long as it renews its lease. */
import { createEpoch } from "../relay/log-window.ts";
import type { RedisConnection } from "./connection.ts";
import type { ConversationKeys } from "./conversation-keys.ts";
import { defineScript } from "./scripts.ts";

export const LEASE_MS = 10_000;
export const RENEW_MS = 3000;
/** An instance that has not said for so long that it has viewers has none. */
const WATCH_MS = 3 * RENEW_MS + 1000;

export type LeaseRequest = {
  instance: string;
  /** What was given at the last call, or null. A lease is renewed only by its token. */
  token: string | null;
  /** To take it when it is free. */
  wants: boolean;
  hasViewers: boolean;
  /** How long log and cuts are kept after this. */
  retentionMs: number;
};

export type Lease = {
  /** The instance that has it, or null. */
  holder: string | null;
  /** Ours: `<instance>:<fence>`, the fence higher than that of any lease before. */
  token: string | null;
  /** It was free, or left over from an earlier token of ours. */
  isNew: boolean;
  /** Other instances that have viewers. */
  watchers: number;
};

const script = defineScript<
  [lease: string, watchers: string, fence: string, log: string, meta: string, cuts: string],
  [string, string, number, number, number, number, number, string],
  [holder: string | null, token: string | null, isNew: number, watchers: number]
>(
  "lease",
  `
  local instance, token = ARGV[1], ARGV[2]
  local wants, hasViewers = ARGV[3] == '1', ARGV[4] == '1'
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)

  if hasViewers then
    redis.call('ZADD', KEYS[2], now, instance)
    redis.call('PEXPIRE', KEYS[2], ARGV[6])
  else
    redis.call('ZREM', KEYS[2], instance)
  end
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[6])
  local watchers = redis.call('ZCARD', KEYS[2]) - (hasViewers and 1 or 0)

  for i = 4, 6 do redis.call('PEXPIRE', KEYS[i], ARGV[7]) end

  local lease = redis.call('GET', KEYS[1])
  if lease and lease == token then
    redis.call('PEXPIRE', KEYS[1], ARGV[5])
    return {instance, token, 0, watchers}
  end
  local holder = lease and string.match(lease, '^[^:]+')
  if wants and (not lease or holder == instance) then
    token = instance .. ':' .. redis.call('INCR', KEYS[3])
    redis.call('SET', KEYS[1], token, 'PX', ARGV[5])
    redis.call('HSETNX', KEYS[5], 'epoch', ARGV[8])
    redis.call('PEXPIRE', KEYS[5], ARGV[7])
    return {instance, token, 1, watchers}
  end
  return {holder or false, false, 0, watchers}
  `,
);

/** Renews or takes the lease, and tells who has it. Rejects while Redis is away. */
export async function leaseConversation(
  redis: RedisConnection,
  keys: ConversationKeys,
  request: LeaseRequest,
): Promise<Lease> {
  const { instance, token, wants, hasViewers, retentionMs } = request;
  const [holder, given, isNew, watchers] = await script(
    redis,
    [keys.lease, keys.watchers, keys.fence, keys.log, keys.meta, keys.cuts],
    [
      instance,
      token ?? "",
      Number(wants),
      Number(hasViewers),
      LEASE_MS,
      WATCH_MS,
      retentionMs,
      createEpoch(),
    ],
  );
  return { holder, token: given, isNew: isNew === 1, watchers };
}

/** The instance that has the lease, or null. */
export async function findHolder(
  redis: RedisConnection,
  keys: ConversationKeys,
): Promise<string | null> {
  return (await redis.commands.get(keys.lease))?.split(":")[0] ?? null;
}

const release = defineScript<[lease: string, watchers: string], [string, string, string], number>(
  "release",
  `
  redis.call('ZREM', KEYS[2], ARGV[1])
  if redis.call('GET', KEYS[1]) ~= ARGV[2] then return 0 end
  redis.call('DEL', KEYS[1])
  redis.call('PUBLISH', ARGV[3], 'free')
  return 1
  `,
);

/** Gives it up, so that another proxy need not wait for its end. `token` null: only the watching ends. */
export async function releaseConversation(
  redis: RedisConnection,
  keys: ConversationKeys,
  { instance, token }: { instance: string; token: string | null },
): Promise<void> {
  await release(redis, [keys.lease, keys.watchers], [instance, token ?? "", keys.channel]);
}
