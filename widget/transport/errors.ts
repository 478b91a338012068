import type { ErrorCode, Problem } from "../../proxy/protocol.ts";

/** What is known of a call that failed. */
type Details = {
  code: ErrorCode | "network";
  message: string;
  /** The same call may be made again by itself: it has changed nothing. */
  retryable: boolean;
  /** Milliseconds that the proxy asks to wait. */
  retryAfter?: number | undefined;
  cause?: unknown;
};

/** Why a call failed: the proxy's code, or `network` when no answer of it came. */
export class ChatError extends Error {
  override name = "ChatError";
  declare readonly code: Details["code"];
  declare readonly retryable: boolean;
  declare readonly retryAfter: number | undefined;

  constructor({ message, ...details }: Details) {
    super(message);
    Object.assign(this, details);
  }
}

/** `send_outcome_unknown`: it may have reached the proxy. Every other call can be made again. */
export type Unanswered = "network" | "send_outcome_unknown";

/** Reads a problem body (RFC 9457). What sits before the proxy answers in its own words: `unanswered`. */
export async function toChatError(response: Response, unanswered: Unanswered): Promise<ChatError> {
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
  return new ChatError({
    code: problem?.code ?? unanswered,
    message: problem?.detail ?? `HTTP status ${response.status}`,
    retryable: problem?.retryable ?? unanswered === "network",
    // Zero is no wait to be told of, and a date is what no proxy of ours says.
    retryAfter: Number(response.headers.get("Retry-After")) * 1000 || undefined,
  });
}
