import { Router } from "express";
import { requireKey } from "../account.ts";
import { conversationRoutes } from "./conversations.ts";
import type { ConversationRoutesOptions } from "./conversations.ts";
import { demoRoutes } from "./demo.ts";
import { createTrouble } from "./trouble.ts";
import { webhookRoutes } from "./webhooks.ts";
import type { Lots } from "../lots.ts";
import type { createDelivery } from "../webhooks/delivery.ts";

export type LexOptions = ConversationRoutesOptions & {
  keys: readonly string[];
  delivery: ReturnType<typeof createDelivery>;
  lots: Lots;
  misbehave: (change: Record<string, unknown>) => void;
};

/** The Lex API, complete, and `/demo` beside it. */
export function lexRouter({ keys, delivery, lots, misbehave, ...options }: LexOptions): Router {
  const router = Router();
  router.use(["/api", "/demo"], requireKey(keys));
  router.use("/api/conversations", createTrouble(options.breaks, lots));
  router.use("/api/conversations", conversationRoutes(options));
  router.use("/api/webhooks", webhookRoutes(options.store, delivery));
  router.use("/demo", demoRoutes(options.chat, misbehave));
  return router;
}
