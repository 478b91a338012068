/** What is neither a visitor's nor the owner's: the widget's files, health, this reference, webhooks. */
import { answer, body, noContent, parameter, refusals, type Paths } from "./operation.ts";
import { objectOf, oneOf, optional, text } from "./schema.ts";

export const SERVICE_PATHS: Paths = {
  "/widget.js": {
    get: {
      operationId: "getWidget",
      tags: ["page"],
      summary: "The script of the script tag, with the proxy's branding in it.",
      responses: {
        200: answer("Kept for a minute, then asked for by its ETag.", text(), "text/javascript"),
        304: noContent("Unchanged."),
        ...refusals("route_not_found"),
      },
    },
  },
  "/assets/{name}": {
    get: {
      operationId: "getAsset",
      tags: ["page"],
      summary: "A file of the widget, named by the widget itself.",
      parameters: [parameter("path", "name", text())],
      responses: {
        200: answer("Immutable when its name has a hash.", text(), "text/javascript"),
        304: noContent("Unchanged."),
        ...refusals("route_not_found"),
      },
    },
  },
  "/manage": {
    get: {
      operationId: "getManagePage",
      tags: ["page"],
      summary: "The owner's page, for a browser; not there without ADMIN_TOKEN.",
      responses: {
        200: answer("Asks for the token.", text(), "text/html"),
        ...refusals("route_not_found"),
      },
    },
  },
  "/manage/preview": {
    get: {
      operationId: "getPreview",
      tags: ["page"],
      summary: "The page with the chat in the owner's page, which alone may frame it.",
      responses: {
        200: answer("Any page, with the script tag.", text(), "text/html"),
        ...refusals("route_not_found"),
      },
    },
  },
  "/manage/assets/{name}": {
    get: {
      operationId: "getManageAsset",
      tags: ["page"],
      summary: "A file of the owner's page, named by the page itself.",
      parameters: [parameter("path", "name", text())],
      responses: {
        200: answer("Immutable.", text(), "text/javascript"),
        304: noContent("Unchanged."),
        ...refusals("route_not_found"),
      },
    },
  },
  "/openapi.json": {
    get: {
      operationId: "getOpenApi",
      tags: ["reference"],
      summary: "This document.",
      responses: {
        200: answer("OpenAPI 3.1.", { type: "object" }),
        ...refusals(),
      },
    },
  },
  "/llms.txt": {
    get: {
      operationId: "getLlmsText",
      tags: ["reference"],
      summary: "The script tag and these calls on one page, for a coding agent.",
      responses: { 200: answer("Markdown.", text(), "text/plain"), ...refusals() },
    },
  },
  "/healthz": {
    get: {
      operationId: "getHealth",
      tags: ["health"],
      summary: "Alive.",
      responses: {
        200: answer(
          "`redis` only where several proxies share one.",
          objectOf<{ status: "ok"; redis?: "up" | "down" }>({
            status: { const: "ok" },
            redis: optional(oneOf("up", "down")),
          }),
        ),
        ...refusals(),
      },
    },
  },
  "/healthz/stream": {
    get: {
      operationId: "probeStream",
      tags: ["health"],
      summary:
        "A second of a stream that holds nothing: shows whether streams are held back on the way.",
      responses: {
        200: answer("Five comments, 200 ms apart.", text(), "text/event-stream"),
        ...refusals("too_many_streams"),
      },
    },
  },
  "/readyz": {
    get: {
      operationId: "getReadiness",
      tags: ["health"],
      summary: "Takes new work.",
      responses: {
        200: answer("Ready.", objectOf<{ status: "ready" }>({ status: { const: "ready" } })),
        ...refusals("shutting_down"),
      },
    },
  },
  "/webhooks/lex": {
    post: {
      operationId: "lexWebhook",
      tags: ["platform"],
      summary:
        "Lex tells that something happened in a conversation; not there without WEBHOOK_SECRET.",
      security: [{ lexWebhookSecret: [] }],
      requestBody: body({
        anyOf: ["conversationId", "conversation"].map((name) => ({
          type: "object",
          properties: { [name]: { type: "string", minLength: 1, maxLength: 300 } },
          required: [name],
        })),
      }),
      responses: {
        204: noContent("Noted."),
        ...refusals(
          "invalid_json",
          "invalid_request",
          "admin_token_invalid",
          "route_not_found",
          "body_too_large",
          "unsupported_media_type",
          "service_unavailable",
        ),
      },
    },
  },
  "/webhooks/lexey": {
    post: {
      operationId: "lexeyWebhook",
      tags: ["platform"],
      summary:
        "Lexey tells that a person takes a conversation over; not there without LEXEY_WEBHOOK_SECRET.",
      security: [{ lexeySignature: [] }],
      requestBody: body({
        type: "object",
        properties: {
          event: { type: "string" },
          conversation: {
            type: "object",
            properties: { id: { type: "string", minLength: 1, maxLength: 300 } },
            required: ["id"],
          },
        },
        required: ["event", "conversation"],
      }),
      responses: {
        200: answer(
          "Noted, now or before.",
          objectOf<{ received: true }>({ received: { const: true } }),
        ),
        ...refusals(
          "invalid_json",
          "invalid_request",
          "admin_token_invalid",
          "route_not_found",
          "body_too_large",
          "service_unavailable",
        ),
      },
    },
  },
};
