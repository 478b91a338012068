/** What a visitor's browser calls. */
import { MAX_LISTED, type ErrorCode } from "../protocol.ts";
import { EVENT_REFERENCES } from "./events.ts";
import { answer, body, noContent, parameter, refusals, type Paths } from "./operation.ts";
import { ref, text, type Schema } from "./schema.ts";

const VISITOR = [{ visitorToken: [] }];

const handle = parameter("path", "id", {
  ...text("The conversationId of an earlier answer."),
  maxLength: 300,
});
const messageId: Schema = { type: "string", pattern: "^[\\w.:-]{1,200}$" };
const limit: Schema = { type: "integer", minimum: 1, maximum: 100 };

const BODY: ErrorCode[] = ["invalid_json", "body_too_large", "unsupported_media_type"];
const TOKEN: ErrorCode[] = ["token_expired", "token_invalid", "token_other_origin"];
const VISITORS: ErrorCode[] = [
  "invalid_request",
  "origin_not_allowed",
  "token_missing",
  ...TOKEN,
  "identity_required",
];
const PLATFORM: ErrorCode[] = [
  "platform_rejected_request",
  "platform_unavailable",
  "platform_timeout",
];
const CONVERSATION: ErrorCode[] = [...VISITORS, "conversation_not_found"];

export const VISITOR_PATHS: Paths = {
  "/api/session": {
    post: {
      operationId: "createSession",
      tags: ["visitor"],
      summary: "A visitor token for a browser, once before its first message.",
      description:
        "`Origin` is required. With a token older than a day in `Authorization` a fresh one for the same visitor. `identity` makes it the token of a person whom the site has signed in, for an hour.",
      security: [{}, ...VISITOR],
      requestBody: body(ref("SessionRequest"), false),
      responses: {
        200: answer("Who the browser is from now on.", ref("SessionResponse")),
        ...refusals(
          ...BODY,
          "invalid_request",
          "origin_not_allowed",
          ...TOKEN,
          "identity_invalid",
          "identity_required",
          "too_many_requests",
          "shutting_down",
        ),
      },
    },
  },
  "/api/conversations/reply": {
    post: {
      operationId: "reply",
      tags: ["visitor"],
      summary:
        "Sends a message; the first one opens a conversation. The answer comes by its stream.",
      description: "`Origin` is required. While the agent is busy the call is held, at most 30 s.",
      security: VISITOR,
      parameters: [
        parameter("header", "Idempotency-Key", {
          ...text("A key that comes again sends nothing and gets the first answer. Use a UUID."),
          pattern: "^[\\x21-\\x7e]{8,200}$",
        }),
      ],
      requestBody: body(ref("ReplyRequest")),
      responses: {
        202: answer("The platform has the message.", ref("ReplyResponse")),
        ...refusals(
          ...BODY,
          ...CONVERSATION,
          "conversation_busy",
          "message_too_long",
          "idempotency_key_reused",
          "too_many_requests",
          "conversation_full",
          "daily_limit_reached",
          ...PLATFORM,
          "platform_refused_conversation",
          "send_outcome_unknown",
          "shutting_down",
          "service_unavailable",
        ),
      },
    },
  },
  "/api/conversations/{id}/stream": {
    get: {
      operationId: "streamConversation",
      tags: ["visitor"],
      summary: "A conversation's events as they happen (SSE), resumed by Last-Event-ID.",
      description:
        "`connected` first, then `conversation:init` or, after Last-Event-ID, what has happened since. `message:complete` or `error` ends an answer. `x-events` has the schema of each event's data.",
      security: VISITOR,
      parameters: [handle, parameter("header", "Last-Event-ID", text())],
      responses: {
        200: answer("Open until either side ends it.", text(), "text/event-stream", {
          "x-events": EVENT_REFERENCES,
        }),
        ...refusals(...CONVERSATION, "too_many_requests", "too_many_streams", "shutting_down"),
      },
    },
  },
  "/api/conversations/{id}/messages": {
    get: {
      operationId: "listMessages",
      tags: ["visitor"],
      summary: "The history, newest page first; `since` and `before` page from a message.",
      security: VISITOR,
      parameters: [
        handle,
        parameter("query", "since", messageId),
        parameter("query", "before", messageId),
        parameter("query", "limit", limit),
      ],
      responses: {
        200: answer("A page.", ref("MessagesResponse")),
        ...refusals(...CONVERSATION, "too_many_requests", ...PLATFORM),
      },
    },
  },
  "/api/conversations/{id}/status": {
    get: {
      operationId: "getStatus",
      tags: ["visitor"],
      summary: "What the agent is doing, for those who poll.",
      security: VISITOR,
      parameters: [handle],
      responses: {
        200: answer("The state; null when idle.", ref("StatusResponse")),
        ...refusals(...CONVERSATION, "too_many_requests", ...PLATFORM),
      },
    },
  },
  "/api/conversations/{id}/stop": {
    post: {
      operationId: "stopAnswer",
      tags: ["visitor"],
      summary: "Ends the answer that is being written, for all viewers.",
      description: "`Origin` is required.",
      security: VISITOR,
      parameters: [handle],
      responses: {
        200: answer("Whether there was one.", ref("StopResponse")),
        ...refusals(...BODY, ...CONVERSATION, "shutting_down", "service_unavailable"),
      },
    },
  },
  "/api/conversations/{id}/messages/{messageId}/feedback": {
    post: {
      operationId: "rateMessage",
      tags: ["visitor"],
      summary: "Rates an answer; not there with FEEDBACK=off.",
      description: "`Origin` is required.",
      security: VISITOR,
      parameters: [handle, parameter("path", "messageId", messageId)],
      requestBody: body(ref("FeedbackRequest")),
      responses: {
        204: noContent("Noted."),
        ...refusals(...BODY, ...CONVERSATION, "too_many_requests", "route_not_found"),
      },
    },
  },
  "/api/conversations": {
    get: {
      operationId: "listConversations",
      tags: ["visitor"],
      summary: `Title, state and last message of up to ${MAX_LISTED} conversations.`,
      description:
        "Those asked for, and after them, the newest first, what an identified visitor has begun in other browsers.",
      security: VISITOR,
      parameters: [
        parameter(
          "query",
          "ids",
          text("conversationIds, separated by commas. Others are left out."),
        ),
        parameter("query", "limit", { type: "integer", minimum: 1, maximum: MAX_LISTED }),
      ],
      responses: {
        200: answer(`At most \`limit\`, default ${MAX_LISTED}.`, ref("ConversationsResponse")),
        ...refusals(...VISITORS, "too_many_requests", "platform_unavailable", "platform_timeout"),
      },
    },
  },
};
