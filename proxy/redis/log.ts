/** The event log in Redis Streams: appended by the holder of the lease, read by every instance. */
import type { ConversationEvent } from "../protocol.ts";
import type { RedisConnection } from "./connection.ts";
import type { ConversationKeys } from "./conversation-keys.ts";
import { defineScript } from "./scripts.ts";

const MAX_EVENTS = 2000;
const MAX_BYTES = 1024 * 1024;
/** Events of one read; what is left is read by the next one. */
const READ_COUNT = 500;

/** A place in the log: `n` is 0 before the first event. */
export type LogPosition = { epoch: string; n: number };

const append = defineScript<
  [lease: string, meta: string, log: string, cuts: string],
  (string | number)[],
  [n: number, epoch: string] | null
>(
  "append",
  `
  local token, channel, retention = ARGV[1], ARGV[2], ARGV[3]
  local event, data, cutId, cutLength = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
  local epoch = redis.call('HGET', KEYS[2], 'epoch')
  if redis.call('GET', KEYS[1]) ~= token or not epoch then return false end

  local n = redis.call('HINCRBY', KEYS[2], 'n', 1)
  redis.call('XADD', KEYS[3], n .. '-0', 'event', event, 'data', data)
  local bytes = redis.call('HINCRBY', KEYS[2], 'bytes', #data)
  local length = redis.call('XLEN', KEYS[3])
  while length > 1 and (length > ${MAX_EVENTS} or bytes > ${MAX_BYTES}) do
    local oldest = redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 1)[1]
    redis.call('XDEL', KEYS[3], oldest[1])
    bytes = redis.call('HINCRBY', KEYS[2], 'bytes', -#oldest[2][4])
    length = length - 1
  end
  if cutId ~= '' then redis.call('HSET', KEYS[4], cutId, cutLength) end
  for i = 2, 4 do redis.call('PEXPIRE', KEYS[i], retention) end
  redis.call('PUBLISH', channel, epoch .. '-' .. n)
  return {n, epoch}
  `,
);

/** `token` is that of the lease: with another one there, nothing is appended. */
export type AppendOptions = { token: string; retentionMs: number };

/** Where the event is now, or null when the lease is another's, or the log gone. Rejects while Redis is away. */
export async function appendEvent(
  redis: RedisConnection,
  keys: ConversationKeys,
  { event, data }: ConversationEvent,
  { token, retentionMs }: AppendOptions,
): Promise<LogPosition | null> {
  const cut = event === "message:complete" && data.stopped ? data.message : null;
  const reply = await append(
    redis,
    [keys.lease, keys.meta, keys.log, keys.cuts],
    [
      token,
      keys.channel,
      retentionMs,
      event,
      JSON.stringify(data),
      cut?.id ?? "",
      cut?.content.length ?? 0,
    ],
  );
  return reply && { n: reply[0], epoch: reply[1] };
}

const read = defineScript<
  [meta: string, log: string],
  [epoch: string, after: number, count: number],
  [epoch: string | null, n: string | null, entries: [id: string, fields: string[]][]]
>(
  "read",
  `
  local meta = redis.call('HMGET', KEYS[1], 'epoch', 'n')
  local after = ARGV[2]
  if meta[1] ~= ARGV[1] then after = 0 end
  local entries = redis.call('XRANGE', KEYS[2], '(' .. after .. '-0', '+', 'COUNT', ARGV[3])
  return {meta[1], meta[2], entries}
  `,
);

export type LogRead = {
  /** Null: there is no log. */
  epoch: string | null;
  /** Of the newest event in the log. */
  last: number;
  /** In order, without gaps, though the first ones after the place asked for may be gone. */
  events: Array<{ n: number; event: ConversationEvent }>;
};

/** What came after a place; from the beginning when the log is of another epoch. */
export async function readEvents(
  redis: RedisConnection,
  keys: ConversationKeys,
  after: LogPosition,
): Promise<LogRead> {
  const [epoch, last, entries] = await read(
    redis,
    [keys.meta, keys.log],
    [after.epoch, after.n, READ_COUNT],
  );
  const events = entries.map(([id, [, event, , data = ""]]) => ({
    n: Number.parseInt(id, 10),
    // Written by `appendEvent`, and by nothing else.
    event: { event, data: JSON.parse(data) as unknown } as ConversationEvent,
  }));
  return { epoch, last: Number(last ?? 0), events };
}

/** Where stopped answers of this conversation were cut. */
export async function readCuts(
  redis: RedisConnection,
  keys: ConversationKeys,
): Promise<Map<string, number>> {
  const cuts = await redis.commands.hgetall(keys.cuts);
  return new Map(Object.entries(cuts).map(([id, length]) => [id, Number(length)]));
}
