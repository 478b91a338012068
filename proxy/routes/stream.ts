/** `GET /api/conversations/:id/stream`: a visitor's live view of one conversation. */
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { ERRORS, ProxyError } from "../errors.ts";
import type { RequestLimits } from "../middleware/limits.ts";
import { visitorOf, whoSends } from "../middleware/locals.ts";
import { toProxyError } from "../platforms/to-proxy-error.ts";
import type { ConversationEvent } from "../protocol.ts";
import type { Observer } from "../relay/observer.ts";
import type { Relay } from "../relay/relay.ts";
import { encodeEvent } from "../relay/sse.ts";
import { openViewer } from "../relay/viewer.ts";
import { openHandle, type Handles } from "../visitors/handle.ts";
import { parseInput, pathSchema } from "./input.ts";

export type StreamOptions = {
  relay: Relay;
  handles: Handles;
  limits: RequestLimits;
  observer: Observer;
  logger: Logger;
};

export function createStream(options: StreamOptions): RequestHandler {
  const { relay, handles, limits, observer, logger } = options;
  return async (request, response) => {
    const visitor = visitorOf(response);
    const { id: handle } = parseInput(pathSchema, request.params);
    const conversationId = openHandle(handles, visitor.id, handle);
    await limits.read(whoSends(request, response));
    const giveBack = await limits.stream(whoSends(request, response));
    const viewer = openViewer(response, {
      expiresAt: visitor.expiresAt * 1000,
      onDrop: observer.dropped,
    });
    viewer.onClose(giveBack);
    viewer.send(encodeEvent({ event: "connected", data: { conversationId: handle } }, null));
    try {
      await relay.attach(conversationId, viewer, request.get("Last-Event-ID") ?? null);
    } catch (thrown) {
      const failure = toErrorEvent(thrown);
      logger.warn({ code: failure.data.code }, "a viewer got no snapshot");
      viewer.send(encodeEvent(failure, null));
      viewer.end();
    }
  };
}

/** The headers are out, so what went wrong can only be said in the stream. */
function toErrorEvent(thrown: unknown): Extract<ConversationEvent, { event: "error" }> {
  const failure = toProxyError(thrown);
  const { code, retryable } =
    failure instanceof ProxyError ? failure : new ProxyError("internal_error");
  return { event: "error", data: { code, message: ERRORS[code].title, retryable } };
}
