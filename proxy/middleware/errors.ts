/** The last word on every failed request: a problem body for the caller, the cause for the log. */
import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Logger } from "pino";
import { ProxyError, shuttingDown, toProblem } from "../errors.ts";
import type { Metrics } from "../metrics.ts";
import { describeError } from "../platforms/platform.ts";
import { toProxyError } from "../platforms/to-proxy-error.ts";
import { localsOf } from "./locals.ts";

export const routeNotFound: RequestHandler = (request) => {
  throw new ProxyError("route_not_found", {
    detail: `There is no ${request.method} at this address.`,
  });
};

export function refuseWhen(isClosing: () => boolean): RequestHandler {
  return (_request, _response, next) => {
    if (isClosing()) throw shuttingDown();
    next();
  };
}

/** Turns anything thrown into `application/problem+json`, and counts it; only a `ProxyError` keeps its words. */
export function createErrorHandler(logger: Logger, { refused }: Metrics): ErrorRequestHandler {
  return (thrown, _request, response, _next) => {
    const error = toPublicError(thrown);
    const { requestId } = localsOf(response);
    logFailure(logger, error, requestId);
    refused(error.code);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error.retryAfter !== undefined)
      response.set("Retry-After", String(Math.ceil(error.retryAfter)));
    response
      .status(error.status)
      .type("application/problem+json")
      .send(JSON.stringify(toProblem(error, requestId)));
  };
}

function toPublicError(thrown: unknown): ProxyError {
  const error = toProxyError(thrown);
  if (error instanceof ProxyError) return error;
  return bodyError(error) ?? new ProxyError("internal_error", { cause: error });
}

/** What Express's own JSON reader throws. */
function bodyError(error: unknown): ProxyError | null {
  const { type, limit } = (error ?? {}) as { type?: unknown; limit?: unknown };
  if (type === "entity.too.large") {
    return new ProxyError("body_too_large", {
      detail: `The request body is too large: send at most ${String(limit)} bytes.`,
    });
  }
  if (
    type === "entity.parse.failed" ||
    type === "request.size.invalid" ||
    type === "request.aborted"
  )
    return new ProxyError("invalid_json", { field: "body" });
  if (type === "charset.unsupported" || type === "encoding.unsupported") {
    return new ProxyError("unsupported_media_type", {
      detail: "The request body must be JSON in UTF-8, not compressed.",
    });
  }
  // A malformed %-sequence in the path.
  if (error instanceof URIError) return new ProxyError("route_not_found");
  return null;
}

function logFailure(logger: Logger, error: ProxyError, requestId: string): void {
  const { cause } = error;
  const fields = { requestId, code: error.code };
  if (error.code === "platform_rejected_request") {
    logger.error(
      { ...fields, cause: describeError(cause) },
      "the platform refuses the proxy's requests: check the API key and the platform's address",
    );
  } else if (error.status >= 500)
    logger.error({ ...fields, cause: describeError(cause) }, "a request failed");
  else logger.debug(fields, "a request was refused");
}
