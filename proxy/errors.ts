/** Every error that can leave the proxy: code → status, public sentence, retryable. */
import type { ErrorCode, Problem } from "./protocol.ts";

const SHUTDOWN_RETRY_AFTER_SECONDS = 2;

type ErrorRow = { status: number; title: string; retryable: boolean };

const row = (status: number, title: string, retryable = false): ErrorRow => ({
  status,
  title,
  retryable,
});

export const ERRORS: Readonly<Record<ErrorCode, ErrorRow>> = {
  invalid_json: row(400, "The request body is not valid JSON."),
  invalid_request: row(400, "The request is not valid."),
  token_missing: row(401, "A visitor token is needed."),
  token_expired: row(401, "The visitor token has expired."),
  token_invalid: row(401, "The visitor token is not valid."),
  identity_invalid: row(401, "The identity token is not valid."),
  admin_token_invalid: row(401, "The admin token is missing or not valid."),
  token_other_origin: row(403, "The visitor token belongs to another page origin."),
  identity_required: row(403, "This chat is for signed-in visitors only."),
  origin_not_allowed: row(403, "This page may not use the chat."),
  conversation_not_found: row(404, "There is no such conversation."),
  route_not_found: row(404, "There is nothing at this address."),
  conversation_busy: row(409, "The agent is still answering.", true),
  body_too_large: row(413, "The request body is too large."),
  message_too_long: row(413, "The message is too long."),
  unsupported_media_type: row(415, "The request body must be JSON."),
  idempotency_key_reused: row(422, "This Idempotency-Key was used for another message."),
  too_many_requests: row(429, "Too many requests. Please wait a moment.", true),
  too_many_streams: row(429, "Too many open streams.", true),
  conversation_full: row(429, "This conversation is full. Please start a new one."),
  daily_limit_reached: row(429, "The chat has reached its limit for today.", true),
  internal_error: row(500, "Something went wrong."),
  platform_rejected_request: row(502, "The chat is unavailable at the moment."),
  platform_unavailable: row(502, "The agent cannot be reached at the moment.", true),
  answer_lost: row(502, "The agent's answer was lost.", true),
  platform_refused_conversation: row(502, "The chat is unavailable at the moment."),
  send_outcome_unknown: row(502, "It is not known whether the message arrived."),
  shutting_down: row(503, "The chat is restarting.", true),
  // What the proxies share is away: nothing is sent that could not be kept from being sent twice.
  service_unavailable: row(503, "The chat can't take messages at the moment.", true),
  platform_timeout: row(504, "The agent took too long to react.", true),
};

export type ProxyErrorOptions = {
  /** Public: names the field, the value and the fix. Defaults to the code's title. */
  detail?: string;
  field?: string;
  /** Seconds; becomes the `Retry-After` header. */
  retryAfter?: number;
  /** For the log only; never part of an answer. */
  cause?: unknown;
};

/** The only error whose words reach a visitor; every other becomes `internal_error`. */
export class ProxyError extends Error {
  override name = "ProxyError";
  readonly code: ErrorCode;
  readonly detail: string;
  readonly field: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, options: ProxyErrorOptions = {}) {
    const detail = options.detail ?? ERRORS[code].title;
    super(detail, { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.field = options.field;
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}

/** This process takes nothing new: another one does, or the next one in a moment. */
export const shuttingDown = (cause?: unknown): ProxyError =>
  new ProxyError("shutting_down", { retryAfter: SHUTDOWN_RETRY_AFTER_SECONDS, cause });

/** The problem body (RFC 9457) of an error, built field by field. */
export function toProblem(error: ProxyError, requestId?: string): Problem {
  return {
    type: "about:blank",
    title: ERRORS[error.code].title,
    status: error.status,
    code: error.code,
    detail: error.detail,
    retryable: error.retryable,
    ...(error.field !== undefined && { field: error.field }),
    ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
    ...(requestId !== undefined && { requestId }),
  };
}
