/** How much one address, visitor or conversation may do. */
import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from "rate-limiter-flexible";
import type { Limits } from "../config.ts";
import { ProxyError } from "../errors.ts";
import type { ErrorCode } from "../protocol.ts";
import { createMemoryPlaces, type Places } from "./places.ts";

const MINUTE = 60;
const DAY = 24 * 60 * 60;
/** A conversation's count is kept this long after its first message. */
const CONVERSATION_SECONDS = 7 * DAY;
const WRONG_ADMIN_TOKENS_PER_MINUTE = 10;

export type MessageOrigin = { address: string; visitorId: string };

export type RequestLimits = {
  /** Each throws a 429 `ProxyError` with the seconds to wait. */
  session: (address: string) => Promise<void>;
  message: (from: MessageOrigin) => Promise<void>;
  /** Not retryable: the visitor has to start a new conversation. */
  conversation: (conversationId: string) => Promise<void>;
  /** While an address has guessed too often not even the right admin token is looked at. */
  admin: (address: string) => Promise<void>;
  /** Counts a wrong admin token. */
  adminTry: (address: string) => Promise<void>;
  /** Reads and ratings. `calls` is how many of the platform's they cost: 1 if it is not given. */
  read: (from: MessageOrigin, calls?: number) => Promise<void>;
  /** Takes a place for a stream; the returned function gives it back. */
  stream: (from: MessageOrigin) => Promise<() => void>;
};

/** Where is counted: in this process, or for all that share a Redis. */
export type LimitStore = {
  /** Allows `points` within `seconds` to each key. `name` is the limiter's own. */
  limiter: (name: string, points: number, seconds: number) => RateLimiterAbstract;
  places: Places;
};

const createMemoryLimits = (): LimitStore => ({
  limiter: (_name, points, duration) => new RateLimiterMemory({ points, duration }),
  places: createMemoryPlaces(),
});

export function createLimits(
  limits: Limits,
  { limiter, places }: LimitStore = createMemoryLimits(),
): RequestLimits {
  const sessions = limiter("sessions", limits.limitSessionsPerAddress, MINUTE);
  const perAddress = limiter("messages-address", limits.limitMessagesPerAddress, MINUTE);
  const perVisitor = limiter("messages-visitor", limits.limitMessagesPerVisitor, MINUTE);
  const perDay = limiter("messages-day", limits.limitMessagesPerDay, DAY);
  const perConversation = limiter(
    "messages-conversation",
    limits.limitMessagesPerConversation,
    CONVERSATION_SECONDS,
  );
  const readsPerAddress = limiter("reads-address", limits.limitReadsPerAddress, MINUTE);
  const readsPerVisitor = limiter("reads-visitor", limits.limitReadsPerVisitor, MINUTE);
  const adminTries = limiter("admin", WRONG_ADMIN_TOKENS_PER_MINUTE, MINUTE);

  return {
    session: (address) => consume(sessions, address, "too_many_requests"),
    async message({ address, visitorId }) {
      await consume(perAddress, address, "too_many_requests");
      await consume(perVisitor, visitorId, "too_many_requests");
      await consume(perDay, "all", "daily_limit_reached");
    },
    conversation: (conversationId) => consume(perConversation, conversationId, "conversation_full"),
    async read({ address, visitorId }, calls) {
      await consume(readsPerAddress, address, "too_many_requests", calls);
      await consume(readsPerVisitor, visitorId, "too_many_requests", calls);
    },
    async admin(address) {
      const tries = await adminTries.get(address);
      if (tries && tries.remainingPoints <= 0) throw refusal("too_many_requests", tries);
    },
    adminTry: (address) => consume(adminTries, address, "too_many_requests"),
    stream: ({ address, visitorId }) =>
      places.take([
        [`visitor ${visitorId}`, limits.limitStreamsPerVisitor],
        [`address ${address}`, limits.limitStreamsPerAddress],
        ["all", limits.limitStreams],
      ]),
  };
}

async function consume(
  limiter: RateLimiterAbstract,
  key: string,
  code: ErrorCode,
  points = 1,
): Promise<void> {
  try {
    await limiter.consume(key, points);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    if (code === "conversation_full") throw new ProxyError(code);
    throw refusal(code, error);
  }
}

function refusal(code: ErrorCode, { msBeforeNext }: RateLimiterRes): ProxyError {
  return new ProxyError(code, { retryAfter: Math.max(1, Math.ceil(msBeforeNext / 1000)) });
}
