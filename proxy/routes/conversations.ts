/** A visitor's conversations: list, send, read, follow, stop, rate. Every id is a handle of that visitor. */
import { Router, type Request, type Response } from "express";
import { ProxyError } from "../errors.ts";
import { visitorOf, whoSends } from "../middleware/locals.ts";
import { PlatformError, type PageQuery } from "../platforms/platform.ts";
import type {
  FeedbackRequest,
  MessagesResponse,
  StatusResponse,
  StopResponse,
} from "../protocol.ts";
import { openHandle } from "../visitors/handle.ts";
import { feedbackSchema, messageIdSchema, pageSchema, parseInput, pathSchema } from "./input.ts";
import { createReply, type ReplyOptions } from "./reply.ts";
import { createStream, type StreamOptions } from "./stream.ts";
import { createSummaries } from "./summaries.ts";

/** What a visitor thought of an answer. */
export type Feedback = FeedbackRequest & {
  visitorId: string;
  conversationId: string;
  messageId: string;
};

export type ConversationRoutesOptions = ReplyOptions &
  StreamOptions & {
    /** Null: there is no feedback route. */
    onFeedback: ((feedback: Feedback) => void) | null;
  };

export function conversationRoutes(options: ConversationRoutesOptions): Router {
  const { relay, handles, index, limits, metrics } = options;
  const summarize = createSummaries({ relay, handles, index });
  const router = Router();

  const idOf = (request: Request, response: Response): string =>
    openHandle(handles, visitorOf(response).id, parseInput(pathSchema, request.params).id);

  router.get("/", async (request, response) => {
    const count = (calls: number) => limits.read(whoSends(request, response), calls);
    response.json(await summarize(visitorOf(response), request.query, count));
  });

  router.post("/reply", createReply(options));
  router.get("/:id/stream", createStream(options));

  router.get("/:id/messages", async (request, response) => {
    const conversationId = idOf(request, response);
    await limits.read(whoSends(request, response));
    const { since, before, limit } = parseInput(pageSchema, request.query);
    const query = {
      ...(since !== undefined && { since }),
      ...(before !== undefined && { before }),
      ...(limit !== undefined && { limit }),
    };
    const page = await relay.page(conversationId, query).catch((error: unknown) => {
      throw unknownMessage(error, query);
    });
    const answer: MessagesResponse = { messages: page.messages, hasMore: page.hasMore };
    response.json(answer);
  });

  router.get("/:id/status", async (request, response) => {
    const id = idOf(request, response);
    await limits.read(whoSends(request, response));
    const [state, status] = await Promise.all([relay.state(id), relay.status(id)]);
    const answer: StatusResponse = {
      active: state !== "idle",
      state: state === "idle" ? null : state,
      status,
    };
    response.json(answer);
  });

  router.post("/:id/stop", async (request, response) => {
    const answer: StopResponse = { stopped: await relay.stop(idOf(request, response)) };
    response.json(answer);
  });

  router.post("/:id/messages/:messageId/feedback", async (request, response) => {
    const { onFeedback } = options;
    if (!onFeedback) throw new ProxyError("route_not_found");
    const conversationId = idOf(request, response);
    const { messageId } = parseInput(messageIdSchema, { messageId: request.params["messageId"] });
    const { rating } = parseInput(feedbackSchema, request.body);
    await limits.read(whoSends(request, response));
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
