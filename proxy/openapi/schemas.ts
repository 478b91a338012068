/** `components/schemas`: the requests and answers of `protocol.ts`. */
import { ERRORS } from "../errors.ts";
import type {
  ConversationsResponse,
  ConversationSummary,
  FeedbackRequest,
  Message,
  MessagesResponse,
  Problem,
  ReplyRequest,
  ReplyResponse,
  SessionRequest,
  SessionResponse,
  StatusResponse,
  StopResponse,
} from "../protocol.ts";
import { EVENT_SCHEMAS } from "./events.ts";
import { LEXEY_SCHEMAS } from "./lexey-schemas.ts";
import {
  arrayOf,
  bool,
  objectOf,
  oneOf,
  optional,
  orNull,
  ref,
  seconds,
  text,
  time,
  type Schema,
} from "./schema.ts";

export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Problem: {
    description: "RFC 9457. `code` is stable; `title` and `detail` are for people.",
    ...objectOf<Problem>({
      type: { const: "about:blank" },
      title: text(),
      status: { type: "integer" },
      code: { type: "string", enum: Object.keys(ERRORS) },
      detail: text("Names the field, the value and the fix."),
      retryable: { ...bool, description: "Whether the same request may succeed later." },
      field: optional(text("The bad input.")),
      retryAfter: optional({ ...seconds, description: "Seconds, as in `Retry-After`." }),
      requestId: optional(text("As in `X-Request-Id`.")),
    }),
  },
  Message: objectOf<Message>({
    id: text(),
    role: oneOf<Message["role"]>("user", "assistant"),
    content: text("Markdown."),
    created_at: time,
  }),
  SessionRequest: objectOf<SessionRequest>({
    identity: optional({
      ...text(
        "A JWT that the site's own server signed with `IDENTITY_SECRET`: HS256, `aud` `lex-chat`, `sub`, `exp` at most an hour ahead.",
      ),
      maxLength: 4096,
    }),
  }),
  SessionResponse: objectOf<SessionResponse>({
    token: text("Goes into `Authorization: Bearer`."),
    expiresAt: time,
    visitorId: text(),
  }),
  ReplyRequest: objectOf<ReplyRequest>({
    content: { ...text("At most `LIMIT_MESSAGE_CHARACTERS` UTF-16 units."), minLength: 1 },
    conversationId: optional({
      ...text("As an earlier answer gave it. Without it a conversation is opened."),
      maxLength: 300,
    }),
  }),
  ReplyResponse: objectOf<ReplyResponse>({
    success: { const: true },
    messageId: text(),
    conversationId: text("Worth something only with the token of the visitor who got it."),
  }),
  MessagesResponse: objectOf<MessagesResponse>({
    messages: { ...arrayOf(ref("Message")), description: "Chronological." },
    hasMore: { ...bool, description: "In the direction that was asked for." },
  }),
  StatusResponse: objectOf<StatusResponse>({
    active: bool,
    state: orNull(oneOf<NonNullable<StatusResponse["state"]>>("thinking", "responding")),
    status: ref("ConversationStatus"),
  }),
  StopResponse: objectOf<StopResponse>({
    stopped: { ...bool, description: "False when no answer was under way." },
  }),
  FeedbackRequest: objectOf<FeedbackRequest>({
    rating: { enum: ["up", "down", null], description: "Null takes a rating back." },
  }),
  ConversationSummary: objectOf<ConversationSummary>({
    conversationId: text(),
    title: text("80 UTF-16 units at most."),
    state: ref("ConversationState"),
    lastMessage: {
      ...orNull(ref("Message")),
      description: "Its `content` ends after 200 UTF-16 units at most.",
    },
  }),
  ConversationsResponse: objectOf<ConversationsResponse>({
    conversations: arrayOf(ref("ConversationSummary")),
  }),
  ...EVENT_SCHEMAS,
  ...LEXEY_SCHEMAS,
};
