import { expect, test } from "vitest";
import { ProxyError } from "../../../proxy/errors.ts";
import { PlatformError } from "../../../proxy/platforms/platform.ts";
import { toProxyError } from "../../../proxy/platforms/to-proxy-error.ts";

test.each([
  ["refused", "platform_rejected_request", 502, false],
  ["busy", "conversation_busy", 409, true],
  ["not-found", "conversation_not_found", 404, false],
  ["unavailable", "platform_unavailable", 502, true],
  ["timeout", "platform_timeout", 504, true],
  ["unknown", "send_outcome_unknown", 502, false],
  ["not-a-stream", "platform_unavailable", 502, true],
  ["invalid", "platform_unavailable", 502, true],
  ["full", "conversation_full", 429, false],
  ["too-long", "message_too_long", 413, false],
] as const)("%s becomes %s, %d, retryable: %s", (failure, code, status, retryable) => {
  const cause = new PlatformError(failure, "GET /api: the platform answered 401", { status: 401 });

  expect(toProxyError(cause)).toMatchObject({ code, status, retryable, cause });
});

test("the words for the log are not the words for the visitor", () => {
  const error = toProxyError(new PlatformError("refused", "POST /api/conversations/c1: 401"));

  expect((error as ProxyError).detail).toBe("The chat is unavailable at the moment.");
});

test("the platform's time to wait is passed on", () => {
  const error = toProxyError(new PlatformError("unavailable", "x", { retryAfter: 7 }));

  expect(error).toMatchObject({ retryAfter: 7 });
});

test.each([new ProxyError("token_missing"), new Error("x"), "text", null, undefined])(
  "%s passes as it is",
  (error) => {
    expect(toProxyError(error)).toBe(error);
  },
);
