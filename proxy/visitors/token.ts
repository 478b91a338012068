/** The visitor token: a JWT (HS256) that says who a browser is and on which page origin. */
import { randomBytes } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import { ProxyError } from "../errors.ts";
import { deriveKeys } from "./keys.ts";

const TYPE = "lex-chat-visitor+jwt";
const AUDIENCE = "lex-chat-visitor";
const VISITOR_ID = /^[au]_[\w-]{22,64}$/;
const DAY = 24 * 60 * 60;

/** Seconds. An identified token is short, since it cannot be revoked before it expires. */
export const TOKEN_LIFETIME = { anonymous: 30 * DAY, identified: 60 * 60 } as const;

/** Seconds. A younger token is handed back as it is. */
const RENEW_AFTER = DAY;

/** A browser that chats. `origin` is the page's, empty for a caller without one. */
export type Visitor = {
  id: string;
  origin: string;
  identified: boolean;
  /** Seconds since 1970. */
  issuedAt: number;
  expiresAt: number;
};

export type SignedToken = { token: string; visitor: Visitor };

export type Tokens = {
  sign: (visitorId: string, origin: string) => Promise<SignedToken>;
  /** Throws `token_expired`, `token_invalid` or `token_other_origin`. */
  verify: (token: string, origin: string | undefined) => Promise<Visitor>;
  isOld: (visitor: Visitor) => boolean;
};

export const newVisitorId = (): string => `a_${randomBytes(18).toString("base64url")}`;

/** Signs with the first secret, verifies with all of them. `now` is in milliseconds. */
export function createTokens(secrets: readonly string[], now: () => number = Date.now): Tokens {
  const keys = deriveKeys(secrets, "visitor-token");
  const [signingKey] = keys;
  if (!signingKey) throw new Error("createTokens needs at least one secret");

  async function payloadOf(token: string): Promise<Record<string, unknown>> {
    for (const key of keys) {
      try {
        const options = {
          algorithms: ["HS256" as const],
          typ: TYPE,
          audience: AUDIENCE,
          currentDate: new Date(now()),
        };
        return (await jwtVerify(token, key, options)).payload;
      } catch (error) {
        if (error instanceof errors.JWSSignatureVerificationFailed) continue;
        throw new ProxyError(
          error instanceof errors.JWTExpired ? "token_expired" : "token_invalid",
          { cause: error },
        );
      }
    }
    throw new ProxyError("token_invalid");
  }

  return {
    async sign(visitorId, origin) {
      const identified = visitorId.startsWith("u_");
      const issuedAt = Math.floor(now() / 1000);
      const expiresAt = issuedAt + TOKEN_LIFETIME[identified ? "identified" : "anonymous"];
      const token = await new SignJWT({ origin })
        .setProtectedHeader({ alg: "HS256", typ: TYPE })
        .setSubject(visitorId)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(signingKey);
      return { token, visitor: { id: visitorId, origin, identified, issuedAt, expiresAt } };
    },

    async verify(token, origin) {
      const { sub, origin: tokenOrigin, iat, exp } = await payloadOf(token);
      if (typeof sub !== "string" || !VISITOR_ID.test(sub)) throw new ProxyError("token_invalid");
      if (typeof tokenOrigin !== "string" || typeof iat !== "number" || typeof exp !== "number") {
        throw new ProxyError("token_invalid");
      }
      if (origin !== undefined && origin !== tokenOrigin)
        throw new ProxyError("token_other_origin");
      return {
        id: sub,
        origin: tokenOrigin,
        identified: sub.startsWith("u_"),
        issuedAt: iat,
        expiresAt: exp,
      };
    },

    isOld: (visitor) => now() / 1000 - visitor.issuedAt > RENEW_AFTER,
  };
}
