/** What the owner calls with ADMIN_TOKEN; without that setting there is nothing at these addresses. */
import type {
  Branding,
  BrandingResponse,
  ErrorCode,
  HistoryResponse,
  OverviewResponse,
} from "../protocol.ts";
import { answer, body, parameter, refusals, type Operation, type Paths } from "./operation.ts";
import type { LexeyMessage } from "./lexey-schemas.ts";
import {
  arrayOf,
  bool,
  objectOf,
  oneOf,
  optional,
  orNull,
  ref,
  text,
  type Schema,
} from "./schema.ts";

const OWNER = [{ adminToken: [] }];
const id = parameter("path", "id", { ...text(), pattern: "^[\\w-]+$" });

/** What the proxy says itself. */
const REFUSALS: ErrorCode[] = [
  "admin_token_invalid",
  "route_not_found",
  "too_many_requests",
  "platform_rejected_request",
  "platform_unavailable",
  "platform_timeout",
  "shutting_down",
];

/** The proxy's own refusals, and what Lexey says of a request, as it came. */
function management(operation: Omit<Operation, "tags" | "security">): Operation {
  const own = operation.requestBody
    ? refusals(...REFUSALS, "body_too_large", "unsupported_media_type")
    : refusals(...REFUSALS);
  const both = { "application/json": { schema: ref("LexeyError") } };
  const passed = Object.fromEntries(
    [400, 402, 404, 409, 429].map((status) => {
      const refused: Schema = own[status] ?? { description: PASSED[status] };
      return [status, { ...refused, content: { ...contentOf(refused), ...both } }];
    }),
  );
  return {
    ...operation,
    tags: ["owner"],
    security: OWNER,
    responses: { ...operation.responses, ...own, ...passed },
  };
}

const PASSED: Readonly<Record<number, string>> = {
  400: "Lexey does not take the request, for example because the message is too long.",
  402: "Lexey's credits are used up.",
  409: "Lexey's agent is still answering.",
};

const contentOf = (response: Schema): object => (response["content"] ?? {}) as object;

const whole: Schema = { type: "integer", minimum: 0 };
const secondsOrNull = orNull({ type: "number", minimum: 0 });

/** What the owner's page asks for. */
function read(operationId: string, summary: string, schema: Schema): Paths[string] {
  return {
    get: {
      operationId,
      tags: ["owner"],
      summary,
      security: OWNER,
      responses: {
        200: answer("Kept nowhere.", schema),
        ...refusals("admin_token_invalid", "route_not_found", "too_many_requests"),
      },
    },
  };
}

export const OWNER_PATHS: Paths = {
  "/api/management/conversations": {
    post: management({
      operationId: "createManagementConversation",
      summary: "Opens a conversation with Lexey's configuration agent.",
      description:
        "These calls pass to Lexey's management API as they are, with LEXEY_MANAGEMENT_KEY added; so does any other path below `/api/management`.",
      responses: {
        201: answer(
          "As Lexey answers.",
          objectOf<{ conversationId: string }>({ conversationId: text() }),
        ),
      },
    }),
  },
  "/api/management/conversations/{id}/messages": {
    post: management({
      operationId: "manage",
      summary: "Tells the configuration agent what to set, or asks it; its answer streams (SSE).",
      parameters: [id],
      requestBody: body(objectOf<{ message: string }>({ message: text() })),
      responses: {
        200: answer(
          "Lexey's stream: `data:` is an event as in `x-data`, the last one `[DONE]`.",
          text(),
          "text/event-stream",
          { "x-data": ref("LexeyEvent") },
        ),
      },
    }),
    get: management({
      operationId: "listManagementMessages",
      summary: "What was said to the configuration agent, and by it.",
      parameters: [id],
      responses: {
        200: answer(
          "As Lexey answers.",
          objectOf<{ messages: LexeyMessage[] }>({ messages: arrayOf(ref("LexeyMessage")) }),
        ),
      },
    }),
  },
  "/manage/overview": read(
    "getOverview",
    "What the owner's page says of the proxy: its platform, its script tag, who may use it.",
    objectOf<OverviewResponse>({
      platform: oneOf("lex", "lexey"),
      hasManagement: bool,
      isBrandingManaged: bool,
      canPreviewChat: bool,
      scriptTag: text("HTML."),
      allowedOrigins: arrayOf(text()),
    }),
  ),
  "/manage/branding": read(
    "getBranding",
    "The branding in widget.js. While the configuration agent is asked for it, the answer waits.",
    objectOf<BrandingResponse>({
      branding: objectOf<Partial<Branding>>({
        agentName: optional(text()),
        primaryColor: optional(text()),
        welcomeHeading: optional(text()),
        welcomeSubheading: optional(text()),
      }),
    }),
  ),
  "/manage/history": read(
    "getHistory",
    "What this proxy did in the last hour, one value for each minute; the last one still runs.",
    objectOf<HistoryResponse>({
      minutes: arrayOf({ ...whole, description: "Seconds since 1970." }),
      messages: arrayOf(whole),
      errors: arrayOf(whole),
      viewers: arrayOf(whole),
      firstTextMedian: arrayOf(secondsOrNull),
      firstTextP95: arrayOf(secondsOrNull),
      openViewers: whole,
    }),
  ),
  "/metrics": {
    get: {
      operationId: "getMetrics",
      tags: ["owner"],
      summary: "What the proxy counts, in Prometheus' format.",
      security: OWNER,
      responses: {
        200: answer("Prometheus' text format.", text(), "text/plain"),
        ...refusals("admin_token_invalid", "too_many_requests"),
      },
    },
  },
};
