import { Router } from "express";
import type { Request, Response } from "express";
import { accountOf } from "../account.ts";
import type { Conversation } from "../storage/conversations.ts";
import type { Store } from "../storage/store.ts";
import { cut, sendPage } from "../trouble.ts";
import { checkLimits, readMessage, type Limits } from "./limits.ts";
import { toLexeyMessage } from "./message.ts";
import { streamAnswer, type StreamOptions } from "./stream.ts";

export type ConversationRoutesOptions = StreamOptions & { store: Store; limits: Limits };

/** `/conversations` of the customer and of the management API: one shape, another agent. */
export function conversationRoutes(options: ConversationRoutesOptions): Router {
  const { chat, store, breaks, limits } = options;
  const router = Router();

  const conversationOf = (request: Request<{ id: string }>, response: Response): Conversation =>
    chat.get(accountOf(response), request.params.id);

  router.post("/", (_request, response) => {
    response.status(201).json({ conversationId: chat.create(accountOf(response)).id });
  });

  router.get("/:id/messages", (request, response) => {
    const { id } = conversationOf(request, response);
    const { messages } = chat.page(id, { limit: Number.MAX_SAFE_INTEGER });
    response.json({ messages: messages.map(toLexeyMessage) });
  });

  // A second message while an answer streams is not documented: refused with 409, as on Lex.
  router.post("/:id/messages", (request, response) => {
    const message = readMessage(request.body, limits);
    const conversation = conversationOf(request, response);
    if (breaks.streamType === "html") return sendPage(response);
    checkLimits(conversation, store, limits);
    chat.post(conversation.account, conversation.id, message);
    if (breaks.reply === "lost") return cut(request);
    streamAnswer(response, conversation, options);
  });

  return router;
}
