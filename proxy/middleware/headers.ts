/** Headers that every answer of a kind carries. */
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { toRequestId, withRequestId } from "../request-id.ts";
import { localsOf } from "./locals.ts";

/** A caller can quote the id; the log names it, and so may the platform's. */
export const requestId: RequestHandler = (request, response, next) => {
  const id = toRequestId(request.get("X-Request-Id"));
  localsOf(response).requestId = id;
  response.set({ "X-Request-Id": id, "X-Content-Type-Options": "nosniff" });
  withRequestId(next, id);
};

/** What is said to one visitor is kept nowhere; pages under COEP require-corp may read it. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set({ "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "cross-origin" });
  next();
};

/**
 * Behind a reverse proxy that is not trusted, all visitors have one address and share its limits: the
 * log says so once.
 */
export function warnOfForwarding(logger: Logger): RequestHandler {
  let isSaid = false;
  return (request, _response, next) => {
    if (!isSaid && request.headers["x-forwarded-for"] !== undefined) {
      isSaid = true;
      logger.warn(
        "requests come with X-Forwarded-For while TRUST_PROXY is off, so all visitors count as one address: behind a reverse proxy set TRUST_PROXY=1",
      );
    }
    next();
  };
}
