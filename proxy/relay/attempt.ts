/** What has to be known of a send, to find out later whether it arrived. */
export type Attempt = ConversationAttempt | ChannelAttempt;

export type ConversationAttempt = {
  conversationId: string;
  /** The newest message before it; null when there was none. */
  lastMessageId: string | null;
};

/** Into the channel that all share, while nobody here knew which it is. */
export type ChannelAttempt = {
  conversationId: null;
  /** By the platform's clock, in milliseconds since 1970: its newest message before. Null: it had none. */
  newestAt: number | null;
};

export type OnAttempt = (attempt: Attempt) => void | Promise<void>;

/** Where the first message may not have arrived there may be no conversation. */
export const wasFirst = (attempt: Attempt | null): boolean =>
  attempt !== null && attempt.conversationId !== null && attempt.lastMessageId === null;

/** The attempt, unless nobody knew where it went. */
export const inConversation = (attempt: Attempt | null): ConversationAttempt | null =>
  attempt?.conversationId === null ? null : attempt;
