/** `/healthz` alive, `/readyz` taking new work, `/metrics` for the owner; a stream to be timed. */
import { Router, type RequestHandler } from "express";
import { shuttingDown } from "../errors.ts";
import { createAdminCheck } from "../middleware/admin.ts";
import type { RequestLimits } from "../middleware/limits.ts";
import type { Metrics } from "../metrics.ts";
import { createStreamProbe } from "./stream-probe.ts";

export type HealthOptions = {
  isReady: () => boolean;
  /** Null without `REDIS_URL`. */
  redis: { isUp: () => boolean } | null;
  metrics: Metrics;
  limits: RequestLimits;
  adminToken: string | null;
};

export function healthRoutes(options: HealthOptions): Router {
  const { isReady, redis, metrics, adminToken } = options;
  const router = Router();
  // Not 503 without Redis, nor is `/readyz`: all instances would be taken out at once, which can still
  // show what there is and hold their viewers.
  router.get("/healthz", (_request, response) => {
    response.json({ status: "ok", ...(redis && { redis: redis.isUp() ? "up" : "down" }) });
  });
  router.get("/readyz", (_request, response) => {
    if (!isReady()) throw shuttingDown();
    response.json({ status: "ready" });
  });
  router.get("/healthz/stream", createStreamProbe());
  if (adminToken !== null)
    router.get("/metrics", createAdminCheck(adminToken, options.limits), metricsRoute(metrics));
  return router;
}

export function metricsRoute(metrics: Metrics): RequestHandler {
  return async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  };
}
