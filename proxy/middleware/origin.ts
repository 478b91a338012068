/** Cross-origin rules of visitor calls: everybody can read the answer, only allowed pages get one. */
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { ProxyError } from "../errors.ts";
import { isOriginAllowed, type OriginRules } from "../origins.ts";
import { localsOf } from "./locals.ts";

const PREFLIGHT_SECONDS = "7200";

/**
 * Refusals are readable too: without the header a page could not tell its author what to change.
 * Never with credentials, so that no cookie ever plays a part.
 */
export const cors: RequestHandler = (request, response, next) => {
  response.set("Access-Control-Allow-Origin", "*");
  response.set("Access-Control-Expose-Headers", "Retry-After, X-Request-Id");
  if (request.method !== "OPTIONS") return next();
  response.set("Access-Control-Allow-Methods", "GET, POST");
  response.set(
    "Access-Control-Allow-Headers",
    "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Request-Id",
  );
  response.set("Access-Control-Max-Age", PREFLIGHT_SECONDS);
  response.sendStatus(204);
};

/** `Origin` must be allowed where there is one; a POST must have one, since every browser sends it. */
export function createOriginCheck(rules: OriginRules, logger: Logger): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers;
    if (origin === undefined) {
      if (request.method !== "POST") return next();
      throw new ProxyError("origin_not_allowed", {
        field: "Origin",
        detail: "Origin is missing: send the header with one of the origins in ALLOWED_ORIGINS",
      });
    }
    if (!isOriginAllowed(rules, origin)) {
      const shown = origin.slice(0, 200);
      logger.warn({ origin: shown }, "refused a page: its origin is not in ALLOWED_ORIGINS");
      throw new ProxyError("origin_not_allowed", {
        field: "Origin",
        detail: `Origin ${shown} is not allowed: add it to ALLOWED_ORIGINS of the chat proxy`,
      });
    }
    localsOf(response).origin = origin;
    next();
  };
}
