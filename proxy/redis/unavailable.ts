/** What a visitor is told when Redis fails. */
import { ProxyError } from "../errors.ts";

const RETRY_AFTER_SECONDS = 5;

/**
 * A retryable 503. Keeps only the words of `cause`: the error of a Redis command carries the
 * command's arguments, which belong in no log.
 */
export function unavailable(cause: unknown): ProxyError {
  const { message } = cause instanceof Error ? cause : new Error(String(cause));
  return new ProxyError("service_unavailable", {
    retryAfter: RETRY_AFTER_SECONDS,
    cause: new Error(message),
  });
}
