import { Router } from "express";
import { requireKey } from "../account.ts";
import type { Chat } from "../chat.ts";
import type { Settings } from "../settings.ts";
import { createTrouble } from "../trouble.ts";
import { conversationRoutes, type ConversationRoutesOptions } from "./conversations.ts";

export type LexeyOptions = Omit<ConversationRoutesOptions, "chat" | "limits"> & {
  customer: Chat;
  management: Chat;
  settings: Settings;
};

/** Both APIs of Lexey, complete. */
export function lexeyRouter({ customer, management, settings, ...options }: LexeyOptions): Router {
  const { customerKeys, managementKeys } = settings;
  const router = Router();
  router.use("/api/v1/customer", requireKey(customerKeys, managementKeys));
  router.use("/api/v1/management", requireKey(managementKeys, customerKeys));
  router.use("/api/v1", createTrouble(options.breaks, options.lots));
  for (const [api, chat] of Object.entries({ customer, management })) {
    router.use(
      `/api/v1/${api}/conversations`,
      conversationRoutes({ ...options, chat, limits: settings }),
    );
  }
  return router;
}
