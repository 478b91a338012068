import { Router } from "express";
import type { Request, Response } from "express";
import type { Chat } from "../chat.ts";
import { accountOf } from "../account.ts";
import type { Breaks } from "../breaks.ts";
import type { Misbehaviour } from "../misbehaviour.ts";
import { Refusal } from "../refusal.ts";
import type { Conversation } from "../storage/conversations.ts";
import type { Store } from "../storage/store.ts";
import { cut } from "../trouble.ts";
import { readPage } from "./query.ts";
import type { Streams } from "./stream.ts";

export type ConversationRoutesOptions = {
  chat: Chat;
  store: Store;
  streams: Streams;
  misbehaviour: Misbehaviour;
  breaks: Breaks;
};

/** `/api/conversations` of lex-api.txt. */
export function conversationRoutes(options: ConversationRoutesOptions): Router {
  const { chat, store, streams, misbehaviour, breaks } = options;
  const router = Router();

  const conversationOf = (request: Request<{ id: string }>, response: Response): Conversation =>
    chat.get(accountOf(response), request.params.id);

  router.post("/reply", (request, response) => {
    const { content, conversationId } = readReply(request.body);
    const { conversation, message } = chat.post(accountOf(response), conversationId, content);
    if (breaks.reply === "lost") return cut(request);
    const named = misbehaviour.messageId === "present" ? { messageId: message.id } : {};
    response.status(202).json({ success: true, ...named, conversationId: conversation.id });
  });

  router.get("/", (_request, response) => {
    response.json({ conversations: store.conversations.list(accountOf(response)).map(toPublic) });
  });

  router.get("/:id", (request, response) => {
    const conversation = conversationOf(request, response);
    const page = readPage(request, chat, conversation.id);
    const messages = chat.page(conversation.id, { ...page, since: undefined });
    response.json({ ...toPublic(conversation), ...messages });
  });

  router.get("/:id/messages", (request, response) => {
    const { id } = conversationOf(request, response);
    response.json(chat.page(id, readPage(request, chat, id)));
  });

  router.get("/:id/status", (request, response) => {
    const state = chat.channels.state(conversationOf(request, response));
    response.json({ active: state !== "idle", state: state === "idle" ? null : state });
  });

  router.get("/:id/stream", (request, response) => {
    const channel = { account: accountOf(response), id: request.params.id };
    if (misbehaviour.streamBeforeFirstMessage === "404") chat.get(channel.account, channel.id);
    else chat.find(channel.account, channel.id);
    streams.start(response, channel);
  });

  return router;
}

function toPublic({ id, title, status, created_at, updated_at }: Conversation) {
  return { id, title, status, created_at, updated_at };
}

const MAX_ID_CHARACTERS = 300;

/** Refuses with 400 what has no `content`, or an id that is no string. */
function readReply(body: unknown): { content: string; conversationId: string | undefined } {
  const { content, conversationId } = (body ?? {}) as Record<string, unknown>;
  if (typeof content !== "string" || content.trim() === "") {
    throw new Refusal(400, "content is missing or not a string");
  }
  if (conversationId === undefined || conversationId === null) {
    return { content, conversationId: undefined };
  }
  if (
    typeof conversationId !== "string" ||
    conversationId === "" ||
    conversationId.length > MAX_ID_CHARACTERS
  ) {
    throw new Refusal(
      400,
      `conversationId must be a string of 1 to ${MAX_ID_CHARACTERS} characters`,
    );
  }
  return { content, conversationId };
}
