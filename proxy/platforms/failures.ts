/** What a failed call means: which `PlatformError` an answer's status, or a broken connection, becomes. Pure. */
import { PlatformError, type PlatformFailure } from "./platform.ts";

const MAX_RETRY_AFTER_SECONDS = 3600;

const BY_STATUS: Readonly<Record<number, PlatformFailure>> = {
  404: "not-found",
  408: "timeout",
  409: "busy",
  429: "unavailable",
  504: "timeout",
};

export type Call = { method: string; path: readonly string[] };

/** For the log: `GET /api/conversations`. */
const toPlace = ({ method, path }: Call): string => `${method} /${path.join("/")}`;

/** The platform answered, and not with a success. */
export function failureOfStatus(
  call: Call,
  answer: { status: number; retryAfter: string | undefined },
): PlatformError {
  const { status } = answer;
  const failure = BY_STATUS[status] ?? (status >= 500 ? "unavailable" : "refused");
  const seconds = Number(answer.retryAfter);
  return new PlatformError(failure, `${toPlace(call)}: the platform answered ${status}`, {
    status,
    ...(seconds > 0 && { retryAfter: Math.min(seconds, MAX_RETRY_AFTER_SECONDS) }),
  });
}

/** A success whose content is not what was asked for. */
export const failureOfContent = (
  call: Call,
  failure: "invalid" | "not-a-stream" | "full",
  answer: { status: number; problem: string },
): PlatformError =>
  new PlatformError(failure, `${toPlace(call)}: ${answer.problem}`, { status: answer.status });

/** No answer, or not all of it. Whether a message arrived is then unknown, unless nothing was sent. */
export function failureOfConnection(call: Call, error: unknown, timedOut: boolean): PlatformError {
  const { code = "no code", syscall } = firstOf(error);
  const what = `${toPlace(call)}: ${timedOut ? "timed out" : `failed (${code})`}`;
  const isUnsent = !timedOut && (syscall === "connect" || syscall === "getaddrinfo");
  if (isUnsent) return new PlatformError("unavailable", what);
  if (call.method !== "GET") return new PlatformError("unknown", what);
  return new PlatformError(timedOut ? "timeout" : "unavailable", what);
}

/** A name with several addresses fails with an error for each. */
function firstOf(error: unknown): NodeJS.ErrnoException {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first : new Error("unknown");
}
