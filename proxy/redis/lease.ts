/** Who speaks for a conversation: one proxy of the fleet, for as long as it renews its lease. */
import { createEpoch } from "../relay/log-window.ts";
import type { RedisConnection } from "./connection.ts";
import type { ConversationKeys } from "./conversation-keys.ts";
import type { LogPosition } from "./log.ts";
import { defineScript, NOW } from "./scripts.ts";

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
  /** The token that has it, or null. */
  holder: string | null;
  /** Ours: `<instance>:<fence>`, the fence higher than that of any lease before. */
  token: string | null;
  /** It was free, or left over from an earlier token of ours. */
  isNew: boolean;
  /** Other instances that have viewers. */
  watchers: number;
  /** The platform has said something that no holder heard: told once, to whoever has the lease. */
  isNudged: boolean;
  /** Of the newest event; null when there is no log. */
  position: LogPosition | null;
};

const script = defineScript<
  [
    lease: string,
    watchers: string,
    fence: string,
    log: string,
    meta: string,
    cuts: string,
    nudge: string,
  ],
  [string, string, number, number, number, number, number, string],
  [
    holder: string | null,
    token: string | null,
    isNew: number,
    watchers: number,
    nudged: number,
    epoch: string | null,
    n: string | null,
  ]
>(
  "lease",
  `${NOW}
  local instance, token = ARGV[1], ARGV[2]
  local wants, hasViewers = ARGV[3] == '1', ARGV[4] == '1'

  if hasViewers then
    redis.call('ZADD', KEYS[2], now, instance)
    redis.call('PEXPIRE', KEYS[2], ARGV[6])
  else
    redis.call('ZREM', KEYS[2], instance)
  end
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[6])
  local watchers = redis.call('ZCARD', KEYS[2]) - (hasViewers and 1 or 0)

  local lease = redis.call('GET', KEYS[1])
  local isOurs = lease and string.match(lease, '^[^:]+') == instance
  local isNew = 0
  if lease and lease == token and redis.call('EXISTS', KEYS[5]) == 1 then
    redis.call('PEXPIRE', KEYS[1], ARGV[5])
  elseif wants and (isOurs or not lease) then
    isNew = 1
    token = instance .. ':' .. redis.call('INCR', KEYS[3])
    lease = token
    redis.call('SET', KEYS[1], token, 'PX', ARGV[5])
    -- A Redis that was restarted, or has failed over, may have lost the newest events. Their numbers,
    -- which viewers still know, must not come a second time.
    local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or ''
    if redis.call('HGET', KEYS[5], 'run_id') ~= run then
      redis.call('DEL', KEYS[4], KEYS[5])
      redis.call('HSET', KEYS[5], 'epoch', ARGV[8], 'run_id', run, 'n', 0, 'bytes', 0)
    end
  else
    token = false
  end
  for i = 4, 6 do redis.call('PEXPIRE', KEYS[i], ARGV[7]) end
  local meta = redis.call('HMGET', KEYS[5], 'epoch', 'n')
  local nudged = token and redis.call('DEL', KEYS[7]) or 0
  return {lease, token, isNew, watchers, nudged, meta[1], meta[2]}
  `,
);

/** Renews or takes the lease, and tells who has it. Rejects while Redis is away. */
export async function leaseConversation(
  redis: RedisConnection,
  keys: ConversationKeys,
  request: LeaseRequest,
): Promise<Lease> {
  const { instance, token, wants, hasViewers, retentionMs } = request;
  const [holder, given, isNew, watchers, nudged, epoch, n] = await script(
    redis,
    [keys.lease, keys.watchers, keys.fence, keys.log, keys.meta, keys.cuts, keys.nudge],
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
  const position = epoch === null ? null : { epoch, n: Number(n) };
  return {
    holder,
    token: given,
    isNew: isNew === 1,
    watchers,
    isNudged: nudged === 1,
    position,
  };
}

/** The instance of a token. */
export const instanceOf = (token: string): string => token.split(":")[0] ?? "";

/** The token that has the lease, or null. */
export const findHolder = (
  redis: RedisConnection,
  keys: ConversationKeys,
): Promise<string | null> => redis.commands.get(keys.lease);

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
