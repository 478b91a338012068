/** What the middleware leaves on `response.locals` for the routes, typed. */
import type { Request, Response } from "express";
import { ProxyError } from "../errors.ts";
import { toAddressKey } from "./address.ts";
import type { MessageOrigin } from "./limits.ts";
import type { Visitor } from "../visitors/token.ts";

export type Locals = {
  requestId: string;
  /** The page's `Origin`, checked; undefined when the request has none. */
  origin?: string;
  visitor?: Visitor;
};

export const localsOf = (response: Response): Locals => response.locals as Locals;

/** The authenticated visitor. Throws `token_missing` where no route checked one. */
export function visitorOf(response: Response): Visitor {
  const { visitor } = localsOf(response);
  if (!visitor) throw new ProxyError("token_missing");
  return visitor;
}

/** Whom the limits of a request count for. */
export const whoSends = (request: Request, response: Response): MessageOrigin => ({
  address: toAddressKey(request.ip ?? ""),
  visitorId: visitorOf(response).id,
});
