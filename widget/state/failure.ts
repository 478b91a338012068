import type { ErrorCode } from "../../proxy/protocol.ts";
import { backoff } from "../transport/backoff.ts";
import { ChatError } from "../transport/errors.ts";

/** Why a message was not sent, or an answer not finished. `expired`: it has waited for too long. */
export type Failure = { code: ErrorCode | "network" | "expired"; retryable: boolean };

/** Nothing that a visitor does helps against these. */
const HOPELESS: ReadonlySet<string> = new Set([
  "origin_not_allowed",
  "identity_required",
  "token_expired",
  "platform_rejected_request",
  "platform_refused_conversation",
]);

/** A send goes out by itself this often again. */
const REPEATS = 4;
/** In milliseconds. A longer wait is for the visitor to decide on. */
const LONGEST_WAIT = 10_000;
const NETWORK_WAIT = 1_000;
/** The proxy knows an Idempotency-Key for a day: what is older goes out only when the visitor says so. */
const LONGEST_LIFE = 24 * 3600_000;

export const UNSURE = { code: "send_outcome_unknown", retryable: true } as const;
export const EXPIRED = { code: "expired", retryable: true } as const;

export const codeOf = (error: unknown): Failure["code"] | undefined =>
  error instanceof ChatError ? error.code : undefined;

export const isHopeless = (error: unknown): boolean => HOPELESS.has(codeOf(error) ?? "");

export const isUnsure = (failure: Failure | undefined): boolean => failure?.code === UNSURE.code;

/** `typed` is when, as ISO 8601. */
export const isExpired = (typed: string): boolean => Date.now() - Date.parse(typed) > LONGEST_LIFE;

/** What broke in the middle leaves open whether the message has arrived. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof ChatError) || error.code === "internal_error") return UNSURE;
  const { code, retryable } = error;
  return code === UNSURE.code ? UNSURE : { code, retryable };
}

/**
 * Milliseconds before a send that certainly was not sent goes out again by itself; undefined when it
 * may have been, or the wait is too long. Who can't reach the proxy tries on.
 */
export function repeatAfter(error: unknown, attempt: number): number | undefined {
  if (!(error instanceof ChatError) || !error.retryable) return undefined;
  if (error.code === "network") return backoff(Math.min(attempt, 2), NETWORK_WAIT);
  const { retryAfter = Infinity } = error;
  return attempt < REPEATS && retryAfter <= LONGEST_WAIT ? backoff(attempt, retryAfter) : undefined;
}
