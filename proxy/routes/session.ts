/** `POST /api/session`: who a browser is from now on. */
import { Router } from "express";
import { ProxyError } from "../errors.ts";
import { toAddressKey } from "../middleware/address.ts";
import type { RequestLimits } from "../middleware/limits.ts";
import { localsOf } from "../middleware/locals.ts";
import { bearerOf } from "../middleware/visitor.ts";
import type { SessionResponse } from "../protocol.ts";
import { verifyIdentity } from "../visitors/identity.ts";
import { newVisitorId, type SignedToken, type Tokens } from "../visitors/token.ts";
import { parseInput, sessionSchema } from "./input.ts";

export type SessionRoutesOptions = {
  tokens: Tokens;
  limits: RequestLimits;
  identitySecret: string | null;
  /** Only visitors that the site has signed in may chat. */
  needsIdentity: boolean;
};

export function sessionRoutes(options: SessionRoutesOptions): Router {
  const { tokens, limits, identitySecret, needsIdentity } = options;
  const router = Router();

  async function identified(identity: string, origin: string): Promise<SignedToken> {
    if (identitySecret === null) {
      throw new ProxyError("identity_invalid", {
        field: "identity",
        detail: "identity can't be checked: set IDENTITY_SECRET on the chat proxy",
      });
    }
    return tokens.sign(await verifyIdentity(identity, identitySecret), origin);
  }

  async function anonymous(token: string | null, origin: string): Promise<SignedToken> {
    const visitor = token === null ? null : await tokens.verify(token, origin);
    // An identified visitor is renewed by a new identity only.
    if (token !== null && visitor?.identified) return { token, visitor };
    if (needsIdentity) throw new ProxyError("identity_required");
    if (token !== null && visitor && !tokens.isOld(visitor)) return { token, visitor };
    return tokens.sign(visitor?.id ?? newVisitorId(), origin);
  }

  router.post("/", async (request, response) => {
    await limits.session(toAddressKey(request.ip ?? ""));
    const { identity } = parseInput(sessionSchema, request.body) ?? {};
    const origin = localsOf(response).origin ?? "";
    const signed =
      identity === undefined
        ? await anonymous(bearerOf(request), origin)
        : await identified(identity, origin);
    const answer: SessionResponse = {
      token: signed.token,
      expiresAt: new Date(signed.visitor.expiresAt * 1000).toISOString(),
      visitorId: signed.visitor.id,
    };
    response.json(answer);
  });

  return router;
}
