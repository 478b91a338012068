import type { ErrorCode } from "../../proxy/protocol.ts";
import { backoff } from "../transport/backoff.ts";
import { ChatError } from "../transport/errors.ts";

/** Why a message was not sent, or an answer not finished. */
export type Failure = { code: ErrorCode | "network"; retryable: boolean };

/** Nothing that a visitor does helps against these. */
const HOPELESS: ReadonlySet<string> = new Set([
  "origin_not_allowed",
  "identity_required",
  "platform_rejected_request",
  "platform_refused_conversation",
]);

/** A send goes out by itself this often again. */
const REPEATS = 4;
/** In milliseconds. A longer wait is for the visitor to decide on. */
const LONGEST_WAIT = 10_000;
const NETWORK_WAIT = 1_000;

export const isGone = (error: unknown): boolean =>
  error instanceof ChatError && error.code === "conversation_not_found";

export const isHopeless = (error: unknown): boolean =>
  error instanceof ChatError && HOPELESS.has(error.code);

const UNSURE = { code: "send_outcome_unknown", retryable: true } as const;

export const isUnsure = (failure: Failure | undefined): boolean => failure?.code === UNSURE.code;

/** What broke in the middle leaves open whether the message has arrived. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof ChatError) || error.code === "internal_error") return UNSURE;
  const { code, retryable } = error;
  return code === UNSURE.code ? UNSURE : { code, retryable };
}

/**
 * Milliseconds before a send that certainly was not sent goes out again by itself; undefined when it
 * may have been, or the wait is too long.
 */
export function repeatAfter(error: unknown, attempt: number): number | undefined {
  if (!(error instanceof ChatError) || !error.retryable || attempt >= REPEATS) return undefined;
  const wait = error.retryAfter ?? (error.code === "network" ? NETWORK_WAIT : Infinity);
  return wait > LONGEST_WAIT ? undefined : backoff(attempt, wait);
}
