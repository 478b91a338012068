/** `POST /webhooks/lex`: a nudge from the platform. Only its conversation id is used. */
import { Router } from "express";
import * as v from "valibot";
import { ProxyError } from "../errors.ts";
import { WEBHOOK_SECRET_HEADER } from "../lex-webhook.ts";
import type { Metrics } from "../metrics.ts";
import type { Relay } from "../relay/relay.ts";
import { isSameSecret } from "../secrets.ts";
import { parseInput } from "./input.ts";

const idSchema = v.pipe(
  v.string("send {{conversationId}} in the body template"),
  v.minLength(1, "send {{conversationId}}"),
  v.maxLength(300, "send {{conversationId}}"),
);

// The two samples of the Lex document name it `conversation` and `conversationId`.
const bodySchema = v.union(
  [v.object({ conversationId: idSchema }), v.object({ conversation: idSchema })],
  "send conversationId in the body template",
);

export function webhookRoutes(options: {
  relay: Relay;
  metrics: Metrics;
  secret: string | null;
}): Router {
  const { relay, metrics, secret } = options;
  const router = Router();
  router.post("/lex", async (request, response) => {
    if (secret === null) throw new ProxyError("route_not_found");
    if (!isSameSecret(request.get(WEBHOOK_SECRET_HEADER), secret)) {
      throw new ProxyError("admin_token_invalid", {
        detail: `${WEBHOOK_SECRET_HEADER} is not the proxy's WEBHOOK_SECRET`,
      });
    }
    const body = parseInput(bodySchema, request.body);
    // What it says is not trusted, only that something happened: the history is read, so a repeat changes nothing.
    const isKnown = await relay.nudge(
      "conversationId" in body ? body.conversationId : body.conversation,
    );
    metrics.webhooks.inc({ known: String(isKnown) });
    response.status(204).end();
  });
  return router;
}
