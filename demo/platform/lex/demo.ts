import { Router } from "express";
import { accountOf } from "../account.ts";
import type { Chat } from "../chat.ts";
import { Refusal } from "../refusal.ts";

/** What the real Lex does of its own accord, done here on request: `POST /demo/proactive` writes a message. */
export function demoRoutes(chat: Chat): Router {
  const router = Router();
  router.post("/proactive", (request, response) => {
    const { content, conversationId } = (request.body ?? {}) as Record<string, unknown>;
    if (typeof content !== "string" || content.trim() === "") {
      throw new Refusal(400, "content is missing or not a string");
    }
    if (conversationId !== undefined && typeof conversationId !== "string") {
      throw new Refusal(400, "conversationId must be a string");
    }
    const { conversation, message } = chat.speak(accountOf(response), conversationId, content);
    response.status(201).json({ messageId: message.id, conversationId: conversation.id });
  });
  return router;
}
