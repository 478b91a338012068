import { Router } from "express";
import { accountOf } from "../account.ts";
import { readBreaks } from "../breaks.ts";
import type { Chat } from "../chat.ts";
import { Refusal } from "../refusal.ts";

/**
 * What the real Lex does of its own accord, done here on request: `POST /demo/proactive` writes a
 * message, `POST /demo/misbehave` breaks or mends what `breaks.ts` lists.
 */
export function demoRoutes(
  chat: Chat,
  misbehave: (change: Record<string, unknown>) => void,
): Router {
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
  router.post("/misbehave", (request, response) => {
    // Connections may be cut by it: the answer goes out before.
    const change = readChange(request.body);
    response.on("finish", () => misbehave(change)).json({ success: true });
  });
  return router;
}

function readChange(body: unknown): Record<string, unknown> {
  try {
    return readBreaks({ ...(body as object) });
  } catch (error) {
    throw new Refusal(400, error instanceof Error ? error.message : String(error));
  }
}
