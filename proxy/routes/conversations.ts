/** A visitor's conversations: list, send, read, follow, stop, rate. Every id is a handle of that visitor. */
import { Router, type Request, type Response } from "express";
import type { Logger } from "pino";
import { ERRORS, ProxyError } from "../errors.ts";
import type { Metrics } from "../metrics.ts";
import { toAddressKey } from "../middleware/address.ts";
import type { MessageOrigin, RequestLimits } from "../middleware/limits.ts";
import { visitorOf } from "../middleware/locals.ts";
import { PlatformError, type PageQuery, type Platform } from "../platforms/platform.ts";
import { toProxyError } from "../platforms/to-proxy-error.ts";
import type {
  FeedbackRequest,
  MessagesResponse,
  ReplyResponse,
  StatusResponse,
  StopResponse,
} from "../protocol.ts";
import { createIdempotency } from "../relay/idempotency.ts";
import type { Relay } from "../relay/relay.ts";
import type { Send } from "../relay/send.ts";
import { encodeEvent } from "../relay/sse.ts";
import { openViewer } from "../relay/viewer.ts";
import type { Handles } from "../visitors/handle.ts";
import type { VisitorIndex } from "../visitors/visitor-index.ts";
import { createSummaries } from "./summaries.ts";
import {
  feedbackSchema,
  idempotencyKeySchema,
  messageIdSchema,
  pageSchema,
  pathSchema,
  parseInput,
  replySchema,
} from "./input.ts";

/** What a visitor thought of an answer. */
export type Feedback = FeedbackRequest & {
  visitorId: string;
  conversationId: string;
  messageId: string;
};

export type ConversationRoutesOptions = {
  platform: Platform;
  relay: Relay;
  send: Send;
  handles: Handles;
  index: VisitorIndex;
  limits: RequestLimits;
  metrics: Metrics;
  logger: Logger;
  maxMessageCharacters: number;
  /** Null: there is no feedback route. */
  onFeedback: ((feedback: Feedback) => void) | null;
};

export function conversationRoutes(options: ConversationRoutesOptions): Router {
  const { platform, relay, send, handles, index, limits, metrics, logger } = options;
  const sendOnce = createIdempotency<ReplyResponse>();
  const summarize = createSummaries({ platform, relay, handles, index });
  const router = Router();

  /** The platform's id behind a handle. Unknown and somebody else's are the same 404. */
  function open(response: Response, handle: string): string {
    const conversationId = handles.open(visitorOf(response).id, handle);
    if (conversationId === null) throw new ProxyError("conversation_not_found");
    return conversationId;
  }

  const idOf = (request: Request, response: Response): string =>
    open(response, parseInput(pathSchema, request.params).id);

  const whoSends = (request: Request, response: Response): MessageOrigin => ({
    address: toAddressKey(request.ip ?? ""),
    visitorId: visitorOf(response).id,
  });

  router.get("/", async (request, response) => {
    response.json(await summarize(visitorOf(response), request.query["ids"]));
  });

  router.post("/reply", async (request, response) => {
    const { content, conversationId: handle } = parseInput(replySchema, request.body);
    if (content.length > options.maxMessageCharacters)
      throw messageTooLong(content.length, options.maxMessageCharacters);
    const header = request.get("Idempotency-Key");
    const { "Idempotency-Key": key } = parseInput(idempotencyKeySchema, {
      "Idempotency-Key": header,
    });
    const visitor = visitorOf(response);
    const conversationId = handle === undefined ? null : open(response, handle);
    await limits.message(whoSends(request, response));

    async function deliver(
      earlier: string | null,
      remember: (id: string) => void,
    ): Promise<ReplyResponse> {
      if (conversationId !== null) await limits.conversation(conversationId);
      const sent = await send(
        {
          content,
          key,
          conversationId: conversationId ?? earlier,
          mayHaveArrived: earlier !== null,
        },
        remember,
      ).catch((error: unknown) => {
        const failure = toProxyError(error);
        metrics.sends.inc({
          outcome: failure instanceof ProxyError ? failure.code : "internal_error",
        });
        throw failure;
      });
      metrics.sends.inc({ outcome: "accepted" });
      if (conversationId === null) await limits.conversation(sent.conversationId);
      if (visitor.identified) await index.add(visitor.id, sent.conversationId);
      return {
        success: true,
        messageId: sent.messageId,
        conversationId: handles.create(visitor.id, sent.conversationId),
      };
    }

    const answer =
      key === undefined
        ? await deliver(null, () => undefined)
        : await sendOnce({
            visitorId: visitor.id,
            key,
            content: JSON.stringify([content, conversationId]),
            run: (earlier, remember) => deliver(earlier?.conversationId ?? null, remember),
          });
    response.status(202).json(answer);
  });

  router.get("/:id/stream", async (request, response) => {
    const conversationId = idOf(request, response);
    const visitor = visitorOf(response);
    const giveBack = limits.stream(whoSends(request, response));
    response.once("close", giveBack);
    const conversation = relay.open(conversationId);
    const viewer = openViewer(response, { expiresAt: visitor.expiresAt * 1000 });
    viewer.send(
      encodeEvent(
        { event: "connected", data: { conversationId: String(request.params["id"]) } },
        null,
      ),
    );
    try {
      await conversation.attach(viewer, request.get("Last-Event-ID") ?? null);
    } catch (thrown) {
      const failure = toProxyError(thrown);
      const { code, retryable } =
        failure instanceof ProxyError ? failure : new ProxyError("internal_error");
      logger.warn({ code }, "a viewer got no snapshot");
      viewer.send(
        encodeEvent(
          { event: "error", data: { code, message: ERRORS[code].title, retryable } },
          null,
        ),
      );
      viewer.end();
    }
  });

  router.get("/:id/messages", async (request, response) => {
    const conversationId = idOf(request, response);
    const { since, before, limit } = parseInput(pageSchema, request.query);
    const query = {
      ...(since !== undefined && { since }),
      ...(before !== undefined && { before }),
      ...(limit !== undefined && { limit }),
    };
    const conversation = relay.peek(conversationId);
    const reading = conversation?.history(query) ?? platform.messages(conversationId, query);
    const page = await reading.catch((error: unknown) => {
      throw unknownMessage(error, query);
    });
    const answer: MessagesResponse = { messages: page.messages, hasMore: page.hasMore };
    response.json(answer);
  });

  router.get("/:id/status", async (request, response) => {
    const conversationId = idOf(request, response);
    const watched = relay.peek(conversationId);
    const state = watched?.isSubscribed ? watched.state : await platform.state(conversationId);
    const answer: StatusResponse = {
      active: state !== "idle",
      state: state === "idle" ? null : state,
      status: "active",
    };
    response.json(answer);
  });

  router.post("/:id/stop", (request, response) => {
    const answer: StopResponse = { stopped: relay.peek(idOf(request, response))?.stop() ?? false };
    response.json(answer);
  });

  router.post("/:id/messages/:messageId/feedback", (request, response) => {
    const { onFeedback } = options;
    if (!onFeedback) throw new ProxyError("route_not_found");
    const conversationId = idOf(request, response);
    const { messageId } = parseInput(messageIdSchema, { messageId: request.params["messageId"] });
    const { rating } = parseInput(feedbackSchema, request.body);
    metrics.feedback.inc({ rating: rating ?? "none" });
    onFeedback({ visitorId: visitorOf(response).id, conversationId, messageId, rating });
    response.status(204).end();
  });

  return router;
}

/** A platform that refuses a page was asked for one around a message it does not know: the caller's mistake. */
function unknownMessage(error: unknown, query: PageQuery): unknown {
  const field = query.since !== undefined ? "since" : "before";
  const id = query[field];
  if (id === undefined || !(error instanceof PlatformError && error.status === 400)) return error;
  return new ProxyError("invalid_request", {
    field,
    detail: `${field} is ${JSON.stringify(id)}: use the id of a message of this conversation`,
    cause: error,
  });
}

function messageTooLong(length: number, maximum: number): ProxyError {
  return new ProxyError("message_too_long", {
    field: "content",
    detail: `content has ${length} characters: send at most ${maximum}`,
  });
}
