import { Router } from "express";
import { requireKey } from "../account.ts";
import { conversationRoutes } from "./conversations.ts";
import type { ConversationRoutesOptions } from "./conversations.ts";
import { demoRoutes } from "./demo.ts";
import { webhookRoutes } from "./webhooks.ts";
import type { createDelivery } from "../webhooks/delivery.ts";

export type LexOptions = ConversationRoutesOptions & {
  keys: readonly string[];
  delivery: ReturnType<typeof createDelivery>;
};

/** The Lex API, complete, and `/demo/proactive` beside it. */
export function lexRouter({ keys, delivery, ...options }: LexOptions): Router {
  const router = Router();
  router.use(["/api", "/demo"], requireKey(keys));
  router.use("/api/conversations", conversationRoutes(options));
  router.use("/api/webhooks", webhookRoutes(options.store, delivery));
  router.use("/demo", demoRoutes(options.chat));
  return router;
}
