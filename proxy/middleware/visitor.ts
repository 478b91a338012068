/** Who is asking: the visitor token in `Authorization: Bearer`, and nowhere else. */
import type { Request, RequestHandler } from "express";
import { ProxyError } from "../errors.ts";
import type { Tokens } from "../visitors/token.ts";
import { localsOf } from "./locals.ts";

/** The token of a request, or null when it has none. Throws `token_invalid` for another scheme. */
export function bearerOf(request: Request): string | null {
  const header = request.headers.authorization;
  if (header === undefined) return null;
  const match = /^Bearer ([\w.~+/=-]{1,4096})$/i.exec(header);
  if (!match?.[1]) throw new ProxyError("token_invalid");
  return match[1];
}

export function createVisitorCheck(tokens: Tokens): RequestHandler {
  return async (request, response, next) => {
    const token = bearerOf(request);
    if (token === null) throw new ProxyError("token_missing");
    localsOf(response).visitor = await tokens.verify(token, localsOf(response).origin);
    next();
  };
}
