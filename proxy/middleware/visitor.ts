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

/** `needsIdentity`: a token from before that was asked for, with nobody's name, is not enough. */
export function createVisitorCheck(tokens: Tokens, needsIdentity: boolean): RequestHandler {
  return async (request, response, next) => {
    const token = bearerOf(request);
    if (token === null) throw new ProxyError("token_missing");
    const visitor = await tokens.verify(token, localsOf(response).origin);
    if (needsIdentity && !visitor.identified) throw new ProxyError("identity_required");
    localsOf(response).visitor = visitor;
    next();
  };
}
