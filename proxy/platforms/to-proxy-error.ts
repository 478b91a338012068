/** The one table from what went wrong at the platform to what a visitor is told. */
import { ProxyError } from "../errors.ts";
import type { ErrorCode } from "../protocol.ts";
import { PlatformError, type PlatformFailure } from "./platform.ts";

const CODES: Readonly<Record<PlatformFailure, ErrorCode>> = {
  refused: "platform_rejected_request",
  busy: "conversation_busy",
  "not-found": "conversation_not_found",
  unavailable: "platform_unavailable",
  timeout: "platform_timeout",
  unknown: "send_outcome_unknown",
  "not-a-stream": "platform_unavailable",
  invalid: "platform_unavailable",
  full: "conversation_full",
  "too-long": "message_too_long",
};

/** Errors that are none of the platform's pass as they are. */
export function toProxyError(error: unknown): unknown {
  if (!(error instanceof PlatformError)) return error;
  const { retryAfter } = error;
  return new ProxyError(CODES[error.failure], {
    cause: error,
    ...(retryAfter !== undefined && { retryAfter }),
  });
}
