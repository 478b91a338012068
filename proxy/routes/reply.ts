/** `POST /api/conversations/reply`: one message, sent once for each Idempotency-Key. */
import type { RequestHandler } from "express";
import { ProxyError } from "../errors.ts";
import type { Metrics } from "../metrics.ts";
import type { RequestLimits } from "../middleware/limits.ts";
import { visitorOf, whoSends } from "../middleware/locals.ts";
import { toProxyError } from "../platforms/to-proxy-error.ts";
import type { ReplyResponse } from "../protocol.ts";
import type { Attempt, OnAttempt } from "../relay/attempt.ts";
import { createIdempotency, type IdempotencyStore } from "../relay/idempotency.ts";
import type { Relay, SendRequest, SendResult } from "../relay/relay.ts";
import { openHandle, type Handles } from "../visitors/handle.ts";
import type { VisitorIndex } from "../visitors/visitor-index.ts";
import { idempotencyKeySchema, parseInput, replySchema } from "./input.ts";

export type ReplyOptions = {
  relay: Relay;
  idempotency: IdempotencyStore<ReplyResponse>;
  handles: Handles;
  index: VisitorIndex;
  limits: RequestLimits;
  metrics: Metrics;
  maxMessageCharacters: number;
  /** One channel for everybody: it is never full. */
  isShared: boolean;
};

export function createReply(options: ReplyOptions): RequestHandler {
  const { handles, index, limits, metrics, maxMessageCharacters, isShared } = options;
  const sendOnce = createIdempotency(options.idempotency);

  async function countFor(conversationId: string | null): Promise<void> {
    if (conversationId !== null && !isShared) await limits.conversation(conversationId);
  }

  async function send(request: SendRequest, onAttempt?: OnAttempt): Promise<SendResult> {
    try {
      const sent = await options.relay.send(request, onAttempt);
      metrics.sent("accepted");
      return sent;
    } catch (error) {
      const failure = toProxyError(error);
      metrics.sent(failure instanceof ProxyError ? failure.code : "internal_error");
      throw failure;
    }
  }

  return async (request, response) => {
    const { content, conversationId: handle } = parseInput(replySchema, request.body);
    if (content.length > maxMessageCharacters) {
      const detail = `content has ${content.length} characters: send at most ${maxMessageCharacters}`;
      throw new ProxyError("message_too_long", { field: "content", detail });
    }
    const header = { "Idempotency-Key": request.get("Idempotency-Key") };
    const { "Idempotency-Key": key } = parseInput(idempotencyKeySchema, header);
    const visitor = visitorOf(response);
    const conversationId = handle === undefined ? null : openHandle(handles, visitor.id, handle);
    await limits.message(whoSends(request, response));

    async function deliver(before: Attempt | null, onAttempt?: OnAttempt): Promise<ReplyResponse> {
      await countFor(conversationId);
      const target = conversationId ?? before?.conversationId ?? null;
      const { conversationId: triedIn } = before ?? {};
      const earlier = before && (triedIn === null || triedIn === target) ? before : null;
      const sent = await send({ content, key, conversationId: target, earlier }, onAttempt);
      if (conversationId === null) await countFor(sent.conversationId);
      if (visitor.identified) await index.add(visitor.id, sent.conversationId);
      return {
        success: true,
        messageId: sent.messageId,
        conversationId: handles.create(visitor.id, sent.conversationId),
      };
    }

    const answer =
      key === undefined
        ? await deliver(null)
        : await sendOnce({
            visitorId: visitor.id,
            key,
            content,
            target: conversationId,
            run: deliver,
          });
    response.status(202).json(answer);
  };
}
