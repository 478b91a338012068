/** A platform that is still answering takes no message. */
import { ProxyError } from "../errors.ts";
import { PlatformError } from "../platforms/platform.ts";

const RETRY_AFTER_SECONDS = 5;

export const isBusy = (error: unknown): boolean =>
  error instanceof PlatformError && error.failure === "busy";

/** What a visitor is told whose message is not kept until it is idle. */
export const busy = (cause: unknown): ProxyError =>
  new ProxyError("conversation_busy", { retryAfter: RETRY_AFTER_SECONDS, cause });
