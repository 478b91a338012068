/** `/api/management/*`: Lexey's management API, for the owner alone. */
import { Router, type Request, type RequestHandler } from "express";
import { ProxyError } from "../errors.ts";
import { createAdminCheck } from "../middleware/admin.ts";
import { createBodyReader, hasBody } from "../middleware/json.ts";
import type { RequestLimits } from "../middleware/limits.ts";
import type { Management } from "../platforms/lexey-management.ts";

export type ManagementRoutesOptions = {
  /** Null without `LEXEY_MANAGEMENT_KEY`. */
  management: Management | null;
  limits: RequestLimits;
  adminToken: string | null;
  maxBodyBytes: number;
  /** The agent has answered a message, which may have changed anything. */
  onMessage: () => void;
};

/** Whole segments of plain characters. A dot or a percent sign could lead out of the API. */
const PATH = /^(\/[\w-]+)+\/?(\?[\x21-\x7e]*)?$/;
const MESSAGE = /^\/conversations\/[\w-]+\/messages\/?(\?|$)/;

export function managementRoutes(options: ManagementRoutesOptions): Router {
  const { limits, adminToken, management, maxBodyBytes, onMessage } = options;
  const router = Router();
  router.use(headers, createAdminCheck(adminToken, limits), createBodyReader(maxBodyBytes));
  router.use(async (request, response) => {
    const { method, url } = request;
    if (management === null)
      throw new ProxyError("route_not_found", {
        detail: "There is no management API here: set LEXEY_MANAGEMENT_KEY on the chat proxy.",
      });
    if (!PATH.test(url)) throw new ProxyError("route_not_found");
    await management.forward({ request, response, body: toBytes(request) });
    if (method === "POST" && MESSAGE.test(url) && response.statusCode === 200) onMessage();
  });
  return router;
}

/** The body as it came; an app around the proxy may have read its JSON already. */
function toBytes(request: Request): Buffer {
  if (Buffer.isBuffer(request.body)) return request.body;
  // Readers may leave an empty object where there was no body.
  return hasBody(request) ? Buffer.from(JSON.stringify(request.body)) : Buffer.alloc(0);
}

/** For one owner, as it comes: kept, compressed and buffered nowhere. */
const headers: RequestHandler = (_request, response, next) => {
  response.set({ "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no" });
  next();
};
