/** `POST /webhooks/lexey`: Lexey has handed a conversation over to a person. */
import { createHash, createHmac } from "node:crypto";
import express, { Router } from "express";
import * as v from "valibot";
import { ProxyError } from "../errors.ts";
import type { Metrics } from "../metrics.ts";
import type { Deliveries } from "../relay/deliveries.ts";
import type { Relay } from "../relay/relay.ts";
import { isSameSecret } from "../secrets.ts";
import { parseInput } from "./input.ts";

/** `sha256=` and the hex HMAC-SHA-256 of the body's bytes. */
export const SIGNATURE_HEADER = "X-Lexey-Signature";

const PATH = "/webhooks/lexey";
/** It holds the whole history, which is longer than anything that a visitor sends. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

const bodySchema = v.object({
  event: v.string("send the event's name"),
  conversation: v.object({
    id: v.pipe(
      v.string("send the conversation's id"),
      v.minLength(1, "send the conversation's id"),
      v.maxLength(300, "send the conversation's id"),
    ),
  }),
});

export type LexeyWebhookOptions = {
  relay: Relay;
  metrics: Metrics;
  deliveries: Deliveries;
  /** Null: there is no such route. */
  secret: string | null;
};

/** The signature is over the bytes as they came: nothing may parse the body before. */
export function lexeyWebhookRoute(options: LexeyWebhookOptions): Router {
  const { relay, metrics, deliveries, secret } = options;
  const router = Router();
  if (secret === null) {
    // Here, so that no body of that length is read before.
    router.post(PATH, () => {
      throw new ProxyError("route_not_found");
    });
    return router;
  }
  const readBytes = express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false });
  router.post(PATH, readBytes, async (request, response) => {
    const bytes: unknown = request.body;
    const body = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
    checkSignature(body, request.get(SIGNATURE_HEADER), secret);
    const digest = createHash("sha256").update(body).digest("base64url");
    if (!(await deliveries.has(digest))) {
      await take(body);
      await deliveries.add(digest);
    }
    response.json({ received: true });
  });

  async function take(body: Buffer): Promise<void> {
    const { event, conversation } = parseInput(bodySchema, parseJson(body));
    // The only event today; another one is not wrong.
    if (event !== "conversation.escalated") return;
    const isKnown = await relay.nudge(conversation.id, "escalated");
    metrics.webhooks.inc({ known: String(isKnown) });
  }
  return router;
}

function checkSignature(body: Buffer, given: string | undefined, secret: string): void {
  const hex = createHmac("sha256", secret).update(body).digest("hex");
  if (isSameSecret(given?.toLowerCase(), `sha256=${hex}`)) return;
  throw new ProxyError("admin_token_invalid", {
    detail: `${SIGNATURE_HEADER} is not the body's signature by LEXEY_WEBHOOK_SECRET`,
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    throw new ProxyError("invalid_json", { field: "body" });
  }
}
