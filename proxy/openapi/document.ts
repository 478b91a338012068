/** The OpenAPI 3.1 document of every call that the proxy answers. Tests hold it against the real answers. */
import { type Paths } from "./operation.ts";
import { OWNER_PATHS } from "./owner-paths.ts";
import type { Schema } from "./schema.ts";
import { SCHEMAS } from "./schemas.ts";
import { SERVICE_PATHS } from "./service-paths.ts";
import { VISITOR_PATHS } from "./visitor-paths.ts";

export type OpenApi = ReturnType<typeof createOpenApi>;

/** The calls, visitors' first. */
export const PATHS: Paths = { ...VISITOR_PATHS, ...OWNER_PATHS, ...SERVICE_PATHS };

const bearer = (description: string): Schema => ({ type: "http", scheme: "bearer", description });

/** `address` is where the proxy is mounted: absolute, or a path. */
export function createOpenApi(address: string) {
  return {
    openapi: "3.1.1",
    info: {
      title: "lex-chat proxy",
      version: "0.1.0",
      summary: "A chat widget's way to an agent platform, without the platform's key.",
      description:
        "Every error is `application/problem+json` with a stable `code`. Visitors' calls may come from any allowed page (CORS), the owner's from none.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: address }],
    tags: [
      { name: "visitor", description: "What the widget calls for a visitor." },
      { name: "owner", description: "What the proxy's owner calls." },
      { name: "platform", description: "What the agent platform calls." },
      { name: "page", description: "What a page loads." },
      { name: "reference", description: "What coding agents read." },
      { name: "health", description: "What watches the proxy." },
    ],
    paths: PATHS,
    components: {
      schemas: SCHEMAS,
      securitySchemes: {
        visitorToken: bearer("From `POST /api/session`, for the page origin that asked for it."),
        adminToken: bearer("The setting `ADMIN_TOKEN`."),
        lexWebhookSecret: {
          type: "apiKey",
          in: "header",
          name: "X-Webhook-Secret",
          description: "The setting `WEBHOOK_SECRET`.",
        },
        lexeySignature: {
          type: "apiKey",
          in: "header",
          name: "X-Lexey-Signature",
          description:
            "`sha256=` and the hex HMAC-SHA-256 of the body's bytes by the setting `LEXEY_WEBHOOK_SECRET`.",
        },
      },
    },
  };
}
