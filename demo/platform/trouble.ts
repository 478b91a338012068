import type { Request, RequestHandler, Response } from "express";
import type { Breaks } from "./breaks.ts";
import type { Lots } from "./lots.ts";
import { Refusal } from "./refusal.ts";

/** The calls that fail, as a whole and before anything is done. */
export function createTrouble(breaks: Breaks, lots: Lots): RequestHandler {
  return (request, _response, next) => {
    const trouble = breaks.fail === "all" || breaks.fail === callOf(request) ? "fail" : undefined;
    const drawn = trouble ?? lots.draw(["fail", "reset"] as const);
    if (drawn === "fail") throw new Refusal(breaks.failStatus, "The platform is out of order");
    if (drawn === "reset") return cut(request);
    next();
  };
}

/** As `breaks.fail` names it: the last part of the path, and `reply` for a message on Lexey as well. */
function callOf({ method, path }: Request): string | undefined {
  const last = path.split("/").findLast(Boolean);
  return method === "POST" && last === "messages" ? "reply" : last;
}

/** Ends the connection without an answer. */
export function cut(request: Request): void {
  request.socket.resetAndDestroy();
}

/** What a gateway in front of the platform may answer instead of it, with status 200. */
export function sendPage(response: Response): void {
  response.type("html").send("<!doctype html><h1>Please log in</h1>");
}
