import { describe, expect, test } from "vitest";
import { ERRORS, ProxyError, toProblem } from "../../../proxy/errors.ts";
import type { ErrorCode } from "../../../proxy/protocol.ts";

/** Written out once more: a status is part of the contract, so a change has to be made twice. */
const STATUS: Record<ErrorCode, number> = {
  invalid_json: 400,
  invalid_request: 400,
  token_missing: 401,
  token_expired: 401,
  token_invalid: 401,
  identity_invalid: 401,
  admin_token_invalid: 401,
  token_other_origin: 403,
  identity_required: 403,
  origin_not_allowed: 403,
  conversation_not_found: 404,
  route_not_found: 404,
  conversation_busy: 409,
  body_too_large: 413,
  message_too_long: 413,
  unsupported_media_type: 415,
  idempotency_key_reused: 422,
  too_many_requests: 429,
  too_many_streams: 429,
  conversation_full: 429,
  daily_limit_reached: 429,
  internal_error: 500,
  platform_rejected_request: 502,
  platform_unavailable: 502,
  answer_lost: 502,
  platform_refused_conversation: 502,
  send_outcome_unknown: 502,
  shutting_down: 503,
  service_unavailable: 503,
  platform_timeout: 504,
};

const codes = Object.keys(STATUS) as ErrorCode[];

test("there is a row for every code and none besides", () => {
  expect(Object.keys(ERRORS).sort()).toEqual([...codes].sort());
});

test.each(codes)("%s has its status and a public sentence", (code) => {
  const error = new ProxyError(code);

  expect(error.status).toBe(STATUS[code]);
  expect(ERRORS[code].title).toMatch(/^[A-Z].*\.$/);
});

test("what another try can mend is retryable, and nothing else", () => {
  expect(codes.filter((code) => new ProxyError(code).retryable)).toEqual([
    "conversation_busy",
    "too_many_requests",
    "too_many_streams",
    "daily_limit_reached",
    "platform_unavailable",
    "answer_lost",
    "shutting_down",
    "service_unavailable",
    "platform_timeout",
  ]);
});

describe("the problem body", () => {
  test("of a bare error says what its code means", () => {
    expect(toProblem(new ProxyError("conversation_full"))).toEqual({
      type: "about:blank",
      title: "This conversation is full. Please start a new one.",
      status: 429,
      code: "conversation_full",
      detail: "This conversation is full. Please start a new one.",
      retryable: false,
    });
  });

  test("names field, detail, waiting time and request where they are known", () => {
    const error = new ProxyError("too_many_requests", {
      detail: "content is 1: send text",
      field: "content",
      retryAfter: 7,
    });

    expect(toProblem(error, "r-1")).toMatchObject({
      detail: "content is 1: send text",
      field: "content",
      retryAfter: 7,
      requestId: "r-1",
    });
  });

  test("never holds the cause", () => {
    const error = new ProxyError("internal_error", { cause: new Error("lex2_secret") });

    expect(error.cause).toBeInstanceOf(Error);
    expect(JSON.stringify(toProblem(error))).not.toContain("lex2_secret");
  });
});
