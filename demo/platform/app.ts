import express from "express";
import type { ErrorRequestHandler, Express, Router } from "express";
import { Refusal } from "./refusal.ts";

/** The HTTP side: JSON in, the APIs' routers, errors as `{"error": "…"}`. */
export function createApp(routers: Router[]): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use(express.json({ limit: "1mb", strict: false }));
  for (const router of routers) app.use(router);
  app.use(() => {
    throw new Refusal(404, "No such endpoint");
  });
  app.use(answerError);
  return app;
}

const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error);
  const status = statusOf(error);
  const message =
    status < 500 || error instanceof Refusal ? (error as Error).message : "Internal error";
  response.status(status).json({ error: message });
};

/** Express's own errors (broken JSON, body too large) carry a status too. */
function statusOf(error: unknown): number {
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === "number" && status >= 400 ? status : 500;
}
