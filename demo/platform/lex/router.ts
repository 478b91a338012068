import { Router } from "express";
import { requireKey } from "../account.ts";
import { conversationRoutes } from "./conversations.ts";
import type { ConversationRoutesOptions } from "./conversations.ts";
import { demoRoutes } from "./demo.ts";
import type { MessageHook } from "./message-hook.ts";
import { webhookRoutes } from "./webhooks.ts";
import type { Lots } from "../lots.ts";
import { createTrouble } from "../trouble.ts";

export type LexOptions = ConversationRoutesOptions & {
  keys: readonly string[];
  hook: MessageHook;
  lots: Lots;
};

/** The Lex API, complete, and `/demo` beside it. */
export function lexRouter({ keys, hook, lots, ...options }: LexOptions): Router {
  const router = Router();
  router.use(["/api/conversations", "/api/webhooks", "/demo"], requireKey(keys));
  router.use("/api/conversations", createTrouble(options.breaks, lots));
  router.use("/api/conversations", conversationRoutes(options));
  router.use("/api/webhooks", webhookRoutes(options.store, hook));
  router.use("/demo", demoRoutes(options.chat));
  return router;
}
