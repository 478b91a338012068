/** The port that the routes use: everything that can be done with a conversation, by the platform's id. */
import type { Overview, Page, PageQuery } from "../platforms/platform.ts";
import type { ConversationState, ConversationStatus } from "../protocol.ts";
import type { Attempt, ConversationAttempt, OnAttempt } from "./attempt.ts";
import type { Viewer } from "./viewer.ts";

export type RelayCounts = { conversations: number; subscriptions: number; viewers: number };

export type SendRequest = {
  content: string;
  key: string | undefined;
  /** The platform's id, or null for a new conversation. */
  conversationId: string | null;
  /** The last try with this key may have arrived there: look before sending again. */
  earlier: Attempt | null;
  /** And not to send it, if it did not. */
  isOnlyLooking?: boolean;
};

/** A send that is looked for in its own conversation. */
export type ConversationRequest = SendRequest & { earlier: ConversationAttempt | null };

export type SendResult = { messageId: string; conversationId: string };

export type Relay = {
  /**
   * Shows a conversation to a viewer: what came after `lastEventId`, or a snapshot. Rejects with a
   * `PlatformError` when the snapshot can't be read, and with a `ProxyError` while closing.
   */
  attach: (conversationId: string, viewer: Viewer, lastEventId: string | null) => Promise<void>;
  /**
   * Resolves when the platform has accepted the message. Rejects with a `PlatformError` or a
   * `ProxyError`. `onAttempt` is waited for before each time that the platform is asked to take it;
   * when it rejects nothing is sent.
   */
  send: (request: SendRequest, onAttempt?: OnAttempt) => Promise<SendResult>;
  /** Ends the visible answer at once. False when none is under way. */
  stop: (conversationId: string) => Promise<boolean>;
  /** A page of the history as visitors may see it. Rejects with a `PlatformError`. */
  page: (conversationId: string, query: PageQuery) => Promise<Page>;
  state: (conversationId: string) => Promise<ConversationState>;
  /** For a list of conversations, as visitors may see it. Rejects with a `PlatformError`. */
  overview: (conversationId: string) => Promise<Overview>;
  /** Who answers there, as the platform has told in the last 30 days. */
  status: (conversationId: string) => Promise<ConversationStatus>;
  /**
   * The platform says that something happened there, or who answers from now on, which is kept. False when nobody
   * here watches it. Rejects with `service_unavailable` when it can't be kept or passed on.
   */
  nudge: (conversationId: string, status?: ConversationStatus) => Promise<boolean>;
  counts: () => RelayCounts;
  /**
   * Takes nothing new, lets answers under way end, at most `deadlineMs`, then ends all viewers, each
   * with its own time to come back. Resolves when all is closed; a second call waits for the first.
   */
  close: (deadlineMs: number) => Promise<void>;
};
