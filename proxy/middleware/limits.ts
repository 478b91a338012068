/** How much one address, visitor or conversation may do. Counted in this process's memory. */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Limits } from "../config.ts";
import { ProxyError } from "../errors.ts";
import type { ErrorCode } from "../protocol.ts";

const MINUTE = 60;
const DAY = 24 * 60 * 60;
/** A conversation's count is kept this long after its first message. */
const CONVERSATION_SECONDS = 7 * DAY;
const WRONG_ADMIN_TOKENS_PER_MINUTE = 10;
const STREAM_RETRY_AFTER_SECONDS = 10;

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
  /** Takes a place for a stream; the returned function gives it back. */
  stream: (from: MessageOrigin) => () => void;
};

export function createLimits(limits: Limits): RequestLimits {
  const limiter = (points: number, duration: number): RateLimiterMemory =>
    new RateLimiterMemory({ points, duration });
  const sessions = limiter(limits.limitSessionsPerAddress, MINUTE);
  const messagesPerAddress = limiter(limits.limitMessagesPerAddress, MINUTE);
  const messagesPerVisitor = limiter(limits.limitMessagesPerVisitor, MINUTE);
  const messagesPerDay = limiter(limits.limitMessagesPerDay, DAY);
  const messagesPerConversation = limiter(
    limits.limitMessagesPerConversation,
    CONVERSATION_SECONDS,
  );
  const adminTries = limiter(WRONG_ADMIN_TOKENS_PER_MINUTE, MINUTE);
  const streams = createPlaces();

  return {
    session: (address) => consume(sessions, address, "too_many_requests"),
    async message({ address, visitorId }) {
      await consume(messagesPerAddress, address, "too_many_requests");
      await consume(messagesPerVisitor, visitorId, "too_many_requests");
      await consume(messagesPerDay, "all", "daily_limit_reached");
    },
    conversation: (conversationId) =>
      consume(messagesPerConversation, conversationId, "conversation_full"),
    async admin(address) {
      const tries = await adminTries.get(address);
      if (tries && tries.remainingPoints <= 0) throw refusal("too_many_requests", tries);
    },
    adminTry: (address) => consume(adminTries, address, "too_many_requests"),
    stream: ({ address, visitorId }) =>
      streams.take([
        [`visitor ${visitorId}`, limits.limitStreamsPerVisitor],
        [`address ${address}`, limits.limitStreamsPerAddress],
        ["all", limits.limitStreams],
      ]),
  };
}

async function consume(limiter: RateLimiterMemory, key: string, code: ErrorCode): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    if (code === "conversation_full") throw new ProxyError(code);
    throw refusal(code, error);
  }
}

function refusal(code: ErrorCode, { msBeforeNext }: RateLimiterRes): ProxyError {
  return new ProxyError(code, { retryAfter: Math.max(1, Math.ceil(msBeforeNext / 1000)) });
}

/** Counts what is open at the same time. */
function createPlaces() {
  const taken = new Map<string, number>();
  const add = (key: string, change: number): void => {
    const count = (taken.get(key) ?? 0) + change;
    if (count > 0) taken.set(key, count);
    else taken.delete(key);
  };
  return {
    take(places: ReadonlyArray<readonly [key: string, maximum: number]>): () => void {
      if (places.some(([key, maximum]) => (taken.get(key) ?? 0) >= maximum)) {
        throw new ProxyError("too_many_streams", { retryAfter: STREAM_RETRY_AFTER_SECONDS });
      }
      for (const [key] of places) add(key, 1);
      let given = false;
      return () => {
        if (given) return;
        given = true;
        for (const [key] of places) add(key, -1);
      };
    },
  };
}
