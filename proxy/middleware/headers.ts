/** Headers that every answer of a kind carries. */
import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import { localsOf } from "./locals.ts";

/** A caller can quote the id; the log names it. */
export const requestId: RequestHandler = (_request, response, next) => {
  const id = randomUUID();
  localsOf(response).requestId = id;
  response.set({ "X-Request-Id": id, "X-Content-Type-Options": "nosniff" });
  next();
};

/** What is said to one visitor is kept nowhere; pages under COEP require-corp may read it. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set({ "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "cross-origin" });
  next();
};
