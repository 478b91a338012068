/** The three calls that Lexey's customer and management API have in common. */
import { isFields } from "./fields.ts";
import { readHistory, type LexeyHistory } from "./lexey-history.ts";
import { PlatformError, type PlatformFailure } from "./platform.ts";
import {
  createPlatformClient,
  type PlatformClientOptions,
  type PlatformStream,
} from "./request.ts";

/** Each rejects with a `PlatformError`; its words, for the log, say what the owner can do. */
export type LexeyClient = {
  /** Opens a conversation; its id. */
  open: () => Promise<string>;
  /**
   * Resolves when the message is accepted, with the answer's body: see `readLexeyAnswer`. `signal` ends
   * it at any time, and is this message's own.
   */
  post: (conversationId: string, message: string, signal?: AbortSignal) => Promise<PlatformStream>;
  /** Too long to be read, it rejects with `full`: there are no pages. */
  history: (conversationId: string) => Promise<LexeyHistory>;
};

/** For the owner's log: what the document says of these. */
const EXPLANATIONS: Readonly<Record<number, string>> = {
  401: "the key is missing or not valid",
  402: "no active subscription, or the credits are used up: see Billing at Lexey",
  403: "the key is of the other kind: lxc_ is for customers, lxm_ for management",
};

/** `baseUrl` without a trailing slash, for example `https://lexey.ai`. */
export function createLexeyClient(
  api: "customer" | "management",
  options: PlatformClientOptions,
): LexeyClient {
  const client = createPlatformClient(options);
  const at = (...rest: string[]): string[] => ["api", "v1", api, "conversations", ...rest];

  return {
    async open() {
      const answer = await client.json({ method: "POST", path: at() }).catch((error: unknown) => {
        // It takes no text: whether it has happened matters to nobody.
        throw explain(error, { unknown: "unavailable", "not-found": "refused" });
      });
      const id = isFields(answer) ? answer["conversationId"] : undefined;
      if (typeof id === "string" && id !== "") return id;
      throw new PlatformError("invalid", "the platform did not name the conversation it opened");
    },

    post: (conversationId, message, signal) =>
      client
        .stream({
          method: "POST",
          path: at(conversationId, "messages"),
          body: { message },
          ...(signal && { signal }),
        })
        .catch((error: unknown) => {
          // A 2xx that is no stream may have taken the message.
          throw explain(error, { "not-a-stream": "unknown", 400: "too-long", 429: "full" });
        }),

    async history(conversationId) {
      const path = at(conversationId, "messages");
      const answer = await client
        .json({ method: "GET", path, tooLong: "full" })
        .catch((error: unknown) => {
          throw explain(error);
        });
      return readHistory(answer);
    },
  };
}

/** The same error with what the document says of it. `meanings`: what a failure or status is in this call. */
function explain(
  error: unknown,
  meanings: Readonly<Record<string, PlatformFailure>> = {},
): unknown {
  if (!(error instanceof PlatformError)) return error;
  const { failure, status = 0, retryAfter, message } = error;
  const explanation = EXPLANATIONS[status];
  // With a time to come back it is a limit of the moment, and no full conversation.
  const ofStatus = retryAfter === undefined ? meanings[status] : undefined;
  return new PlatformError(
    ofStatus ?? meanings[failure] ?? failure,
    explanation ? `${message}: ${explanation}` : message,
    { ...(status > 0 && { status }), ...(retryAfter !== undefined && { retryAfter }) },
  );
}
