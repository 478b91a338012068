import { Router } from "express";
import { accountOf } from "../account.ts";
import { Refusal } from "../refusal.ts";
import type { Store } from "../storage/store.ts";
import { readWebhook } from "../webhooks/webhook.ts";
import type { MessageHook } from "./message-hook.ts";

/** `/api/webhooks` of lex-api.txt. */
export function webhookRoutes(store: Store, hook: MessageHook): Router {
  const router = Router();

  router.get("/me", (_request, response) => {
    response.json(store.webhooks.find(accountOf(response)));
  });

  router.put("/me", (request, response) => {
    const webhook = readWebhook(request.body);
    store.webhooks.save(accountOf(response), webhook);
    response.json(webhook);
  });

  router.delete("/me", (_request, response) => {
    store.webhooks.remove(accountOf(response));
    response.json({ success: true });
  });

  router.post("/me/test", async (_request, response) => {
    const webhook = store.webhooks.find(accountOf(response));
    if (!webhook) throw new Refusal(404, "No webhook is set up");
    const status = await hook.test(webhook).catch(() => {
      throw new Refusal(502, "The webhook's server did not answer");
    });
    response.json({ status });
  });

  return router;
}
