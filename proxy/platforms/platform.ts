/** The port to an agent platform: what the relay needs, in one vocabulary, whatever the platform calls it. */
import type { ConversationState, ConversationStatus, Message } from "../protocol.ts";

/** One thing the platform said. Ids are null where it did not name them. */
export type PlatformEvent =
  | { type: "init"; state: ConversationState | null }
  | { type: "message"; message: PlatformMessage }
  | { type: "chunk"; messageId: string | null; text: string }
  | { type: "complete"; message: PlatformMessage }
  | {
      type: "tool-use";
      /** The answer that the tool is used for. */
      messageId: string | null;
      toolUseId: string | null;
      name: string;
      input: unknown;
    }
  | { type: "tool-result"; toolUseId: string | null; ok: boolean; result: unknown }
  | { type: "state"; state: ConversationState }
  | { type: "status"; status: ConversationStatus }
  /** The answer under way will have no end. */
  | { type: "failed" }
  /** The answer has ended without a word: a person may give it. */
  | { type: "empty" };

/** A message as the platform's stream gave it; what is missing is filled in from its history. */
export type PlatformMessage = {
  id: string | null;
  role: Message["role"] | null;
  content: string | null;
  createdAt: string | null;
};

export type Page = { messages: Message[]; hasMore: boolean };
export type PageQuery = { since?: string; before?: string; limit?: number };

export type Overview = {
  title: string | null;
  lastMessage: Message | null;
  state: ConversationState;
};

/** `messageId` is null when the platform did not name it. */
export type Sent = { messageId: string | null; conversationId: string | null };

export type StreamHandlers = {
  /** The platform accepted the subscription. */
  onOpen: () => void;
  onEvent: (event: PlatformEvent) => void;
  /** Any byte arrived, heartbeats included. */
  onActivity: () => void;
};

export type Platform = {
  name: string;
  /** Rejects with a `PlatformError`. */
  newConversationId: () => Promise<string>;
  /** False: the first message is assumed to open it, under the id that it is sent to. */
  opensConversations: boolean;
  /**
   * Resolves once the platform has accepted the text. `conversationId` null means the platform's
   * default channel. Rejects with a `PlatformError`.
   */
  send: (conversationId: string | null, content: string) => Promise<Sent>;
  /** Resolves when the platform ends the stream; rejects with a `PlatformError`. */
  stream: (conversationId: string, handlers: StreamHandlers, signal: AbortSignal) => Promise<void>;
  /** Chronological; user and assistant messages only. */
  messages: (conversationId: string, query: PageQuery) => Promise<Page>;
  state: (conversationId: string) => Promise<ConversationState>;
  /** The conversations that were updated last, the latest first; empty where the platform has no list. */
  recent: () => Promise<string[]>;
  /** For a list of conversations; null where the platform has no such thing. */
  overview: (conversationId: string) => Promise<Overview>;
};

/**
 * Why a call to the platform failed:
 * `refused` key or request not accepted (the owner's fault) · `busy` still answering · `not-found` ·
 * `unavailable` not reached or 5xx, nothing happened · `timeout` · `unknown` it may have happened ·
 * `not-a-stream` a stream was asked for and something else came · `invalid` an unreadable answer ·
 * `full` the conversation takes no more messages · `too-long` this message is not taken.
 */
export type PlatformFailure =
  | "refused"
  | "busy"
  | "not-found"
  | "unavailable"
  | "timeout"
  | "unknown"
  | "not-a-stream"
  | "invalid"
  | "full"
  | "too-long";

/** `message` is for the log. It never holds the key, nor anything the platform wrote. */
export class PlatformError extends Error {
  override name = "PlatformError";
  readonly failure: PlatformFailure;
  readonly status: number | undefined;
  /** Seconds, from the platform's `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(
    failure: PlatformFailure,
    message: string,
    options: { status?: number; retryAfter?: number } = {},
  ) {
    super(message);
    this.failure = failure;
    this.status = options.status;
    this.retryAfter = options.retryAfter;
  }
}

/**
 * What a log may say of an error. A `PlatformError` was built to be logged; of any other only the name and
 * the place are safe: its words, and what hangs on it, may be a visitor's, or hold a key.
 */
export function describeError(cause: unknown): string | undefined {
  if (cause instanceof PlatformError) return cause.message;
  if (!(cause instanceof Error)) return cause === undefined ? undefined : typeof cause;
  const place = cause.stack?.split("\n").find((line) => line.trimStart().startsWith("at "));
  return `${cause.name} ${place?.trim() ?? ""}`;
}
