import type { ErrorCode, Problem } from "../../proxy/protocol.ts";

type Details = {
  code: ErrorCode | "network";
  message: string;
  retryable: boolean;
  retryAfter?: number | undefined;
  cause?: unknown;
};

/** Why a call failed: the proxy's code, or `network` when no answer of it came. */
export class ChatError extends Error {
  override name = "ChatError";
  readonly code: ErrorCode | "network";
  /** The same call may be made again by itself: it has changed nothing. */
  readonly retryable: boolean;
  /** Milliseconds that the proxy asks to wait. */
  readonly retryAfter: number | undefined;

  constructor({ code, message, retryable, retryAfter, cause }: Details) {
    super(message, { cause });
    this.code = code;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }
}

/** `send_outcome_unknown`: it may have reached the proxy. Every other call can be made again. */
export type Unanswered = "network" | "send_outcome_unknown";

/** Reads a problem body (RFC 9457). What sits before the proxy answers in its own words: `unanswered`. */
export async function toChatError(response: Response, unanswered: Unanswered): Promise<ChatError> {
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
  const seconds = Number(response.headers.get("Retry-After") ?? problem?.retryAfter ?? NaN);
  return new ChatError({
    code: problem?.code ?? unanswered,
    message: problem?.detail ?? `HTTP status ${response.status}`,
    retryable: problem?.retryable ?? unanswered === "network",
    retryAfter: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  });
}
