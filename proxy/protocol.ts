/**
 * The contract between page and proxy: every request, answer and event.
 * Imports nothing; the widget imports only types from here.
 */

/** The roles a visitor sees. Tool and system messages of a platform never leave the proxy. */
export type Role = "user" | "assistant";

/** One message of a conversation. `created_at` is ISO 8601, as on Lex. */
export type Message = {
  id: string;
  role: Role;
  content: string;
  created_at: string;
};

/** What the agent is doing. Lex's `/status` says `null` where its events say `idle`. */
export type ConversationState = "thinking" | "responding" | "idle";

/** Who answers: the agent (`active`), or a person after a hand-over (`escalated`). */
export type ConversationStatus = "active" | "escalated";

/** The answer being written at the time of a snapshot. `text` may be empty while a tool runs. */
export type PartialAnswer = { messageId: string; text: string };

/** A tool that the answer under way uses at the time of a snapshot. */
export type RunningTool = { messageId: string; toolUseId: string; name: string };

/** `POST /api/session`. `identity` is a JWT that the site's own server signed; its token lasts an hour. */
export type SessionRequest = { identity?: string };

/** `expiresAt` is ISO 8601. The token goes into `Authorization: Bearer`, never into a URL. */
export type SessionResponse = { token: string; expiresAt: string; visitorId: string };

/** `POST /api/conversations/reply`, with an `Idempotency-Key` header. No id opens a conversation. */
export type ReplyRequest = { content: string; conversationId?: string };

/** 202: the platform has the message. `conversationId` is a handle, not the platform's id. */
export type ReplyResponse = { success: true; messageId: string; conversationId: string };

/** `GET /api/conversations/:id/messages`, chronological; `hasMore` speaks of the direction asked. */
export type MessagesResponse = { messages: Message[]; hasMore: boolean };

/** `GET /api/conversations/:id/status`; `state` is null when idle, as on Lex. */
export type StatusResponse = {
  active: boolean;
  state: "thinking" | "responding" | null;
  status: ConversationStatus;
};

/** `POST /api/conversations/:id/stop`; false when no answer was under way. */
export type StopResponse = { stopped: boolean };

/** `POST /api/conversations/:id/messages/:mid/feedback` → 204; null takes a rating back. */
export type FeedbackRequest = { rating: "up" | "down" | null };

/** Conversations of one list. */
export const MAX_LISTED = 50;

/** One line of a list: the title has at most 80 UTF-16 units, the last message's `content` 200. */
export type ConversationSummary = {
  conversationId: string;
  title: string;
  state: ConversationState;
  lastMessage: Message | null;
};

/**
 * `GET /api/conversations?ids=h1,h2…&limit=n` (at most `MAX_LISTED`): the handles that verify, in the order asked;
 * after them, the newest first, the others of an identified visitor.
 */
export type ConversationsResponse = { conversations: ConversationSummary[] };

/** What a page author or the proxy's owner may set; absent fields fall back. */
export type Branding = {
  agentName: string;
  primaryColor: string;
  welcomeHeading: string;
  welcomeSubheading: string;
};

/** What the proxy writes into `widget.js`: its branding and the features the widget should draw. */
export type WidgetSettings = {
  branding: Partial<Branding>;
  feedback: boolean;
  newConversation: boolean;
  messageCharacters: number;
};

/** `GET /manage/overview`, for the owner's page. */
export type OverviewResponse = {
  platform: "lex" | "lexey";
  /** Lexey's configuration agent can be talked to: there is a key for it. */
  hasManagement: boolean;
  /** The configuration agent's branding goes before the settings'. */
  isBrandingManaged: boolean;
  /** Pages of the proxy's own origin may chat, so that the preview can. */
  canPreviewChat: boolean;
  /** As HTML. */
  scriptTag: string;
  /** As the owner wrote them in `ALLOWED_ORIGINS`. */
  allowedOrigins: string[];
};

/** `GET /manage/branding`: as `widget.js` has it. What is not set is left out. */
export type BrandingResponse = { branding: Partial<Branding> };

/** `GET /manage/history`: one value for each minute, oldest first, at most 60; the last minute still runs. */
export type HistoryResponse = {
  /** When each begins: seconds since 1970. */
  minutes: number[];
  messages: number[];
  errors: number[];
  /** The most streams that were open at once. */
  viewers: number[];
  /** Seconds from a message to the first text of its answer; null where none began. */
  firstTextMedian: Array<number | null>;
  firstTextP95: Array<number | null>;
  /** Now. */
  openViewers: number;
};

/** The stable `code` of every error, in a problem body or an `error` event. */
export type ErrorCode =
  | "invalid_json"
  | "invalid_request"
  | "token_missing"
  | "token_expired"
  | "token_invalid"
  | "token_other_origin"
  | "identity_invalid"
  | "identity_required"
  | "admin_token_invalid"
  | "origin_not_allowed"
  | "conversation_not_found"
  | "route_not_found"
  | "conversation_busy"
  | "body_too_large"
  | "message_too_long"
  | "unsupported_media_type"
  | "idempotency_key_reused"
  | "too_many_requests"
  | "too_many_streams"
  | "conversation_full"
  | "daily_limit_reached"
  | "internal_error"
  | "platform_rejected_request"
  | "platform_unavailable"
  | "answer_lost"
  | "platform_refused_conversation"
  | "send_outcome_unknown"
  | "shutting_down"
  | "service_unavailable"
  | "platform_timeout";

/** `application/problem+json` (RFC 9457). `field` names the bad input; `retryAfter` is in seconds. */
export type Problem = {
  type: "about:blank";
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  retryable: boolean;
  field?: string;
  retryAfter?: number;
  requestId?: string;
};

/**
 * The events of `GET /api/conversations/:id/stream`: the SSE `event:` field is the key, `data:` the
 * JSON value. `connected` has no id; `conversation:init` has the id of the last event it includes;
 * every later event has its own, `<epoch>-<n>`. What happened while a snapshot was read may be in it and
 * be told behind it too: by its ids and offsets an event that is applied twice changes nothing.
 */
export type EventMap = {
  connected: { conversationId: string };
  /** A snapshot: replaces everything the page knew. `hasMore` means older messages exist. */
  "conversation:init": {
    state: ConversationState;
    status: ConversationStatus;
    messages: Message[];
    partial: PartialAnswer | null;
    /** In the order they were begun; left out when none runs. */
    tools?: RunningTool[];
    hasMore: boolean;
  };
  /** `key` is the sender's Idempotency-Key: its own tab merges the optimistic copy. */
  "message:new": { message: Message; key?: string };
  /** `offset` is the number of UTF-16 units before `text`: applying a chunk twice changes nothing. */
  "message:chunk": { messageId: string; offset: number; text: string };
  /**
   * Authoritative: replaces the text that was streamed. `provisionalId` is the id the chunks carried
   * when the platform named the message only at its end.
   */
  "message:complete": { message: Message; provisionalId?: string; stopped?: boolean };
  /** `input` only with `TOOL_DETAILS=on`. */
  "message:tool_use": { messageId: string; toolUseId: string; name: string; input?: unknown };
  /** `result` only with `TOOL_DETAILS=on`. */
  "message:tool_result": { toolUseId: string; ok: boolean; result?: unknown };
  "conversation:state": { state: ConversationState };
  "conversation:status": { status: ConversationStatus };
  error: { code: ErrorCode; message: string; retryable: boolean };
};

export type EventName = keyof EventMap;

/** One event, as a union over its name. */
export type ConversationEvent = {
  [Name in EventName]: { event: Name; data: EventMap[Name] };
}[EventName];
