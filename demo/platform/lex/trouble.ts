import type { Request, RequestHandler } from "express";
import type { Breaks } from "../breaks.ts";
import type { Lots } from "../lots.ts";
import { Refusal } from "../refusal.ts";

/** The calls that fail, as a whole and before anything is done. */
export function createTrouble(breaks: Breaks, lots: Lots): RequestHandler {
  return (request, _response, next) => {
    const [last] = request.path.split("/").filter(Boolean).slice(-1);
    const trouble = breaks.fail === "all" || breaks.fail === last ? "503" : undefined;
    const drawn = trouble ?? lots.draw(["503", "reset"] as const);
    if (drawn === "503") throw new Refusal(503, "The platform is out of order");
    if (drawn === "reset") return cut(request);
    next();
  };
}

/** Ends the connection without an answer. */
export function cut(request: Request): void {
  request.socket.resetAndDestroy();
}
