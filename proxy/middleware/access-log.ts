/** One log line for each request. Of the address only the route: ids and queries stay out. */
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { localsOf } from "./locals.ts";

const ROUTES = [
  "/widget.js",
  "/assets/:name",
  "/openapi.json",
  "/llms.txt",
  "/healthz",
  "/healthz/stream",
  "/readyz",
  "/metrics",
  "/webhooks/lex",
  "/webhooks/lexey",
  "/manage",
  "/manage/preview",
  "/manage/assets/:name",
  "/manage/overview",
  "/manage/branding",
  "/manage/history",
  "/api/management/conversations",
  "/api/management/conversations/:id/messages",
  "/api/session",
  "/api/conversations",
  "/api/conversations/reply",
  "/api/conversations/:id/stream",
  "/api/conversations/:id/messages",
  "/api/conversations/:id/status",
  "/api/conversations/:id/stop",
  "/api/conversations/:id/messages/:messageId/feedback",
];

const PATTERNS = ROUTES.map(
  (route) => [new RegExp(`^${route.replaceAll(/:\w+/g, "[^/]+")}/?$`, "i"), route] as const,
);

/** The route of a path; `other` for what no route has. */
export const toRoute = (path: string): string =>
  PATTERNS.find(([pattern]) => pattern.test(path))?.[1] ?? "other";

/** Written when the answer has ended. What visitors do is `info`; probes, files and preflights are `debug`. */
export function createAccessLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const { method, path } = request;
    response.once("close", () => {
      const isVisitors = method !== "OPTIONS" && /^\/(api|webhooks)\//.test(path);
      logger[isVisitors ? "info" : "debug"](
        {
          requestId: localsOf(response).requestId,
          method,
          route: toRoute(path),
          status: response.statusCode,
          ms: Math.round(performance.now() - startedAt),
          ...(!response.writableFinished && { cut: true }),
        },
        "request",
      );
    });
    next();
  };
}
