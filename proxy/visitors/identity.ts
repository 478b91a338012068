/** Visitors that the site itself has signed in: a JWT (HS256) made by the site's server. */
import { createHmac } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { ProxyError } from "../errors.ts";

const AUDIENCE = "lex-chat";
const MAX_LIFETIME = 60 * 60;
/** Seconds. So far the site's clock may be from the proxy's. */
const CLOCK_TOLERANCE = 60;
const MAX_SUBJECT_CHARACTERS = 256;
const SUBJECT = `a text of 1 to ${MAX_SUBJECT_CHARACTERS} characters`;

/**
 * For the site's server: signs who is logged in, for `identify`. `subject` is the site's own stable
 * user id; `lifetime` is in seconds, at most 3600 (default 600). `secret` is the proxy's
 * `IDENTITY_SECRET`. Rejects with a `RangeError` what the proxy would refuse.
 */
export async function signIdentity(options: {
  secret: string;
  subject: string;
  lifetime?: number;
}): Promise<string> {
  const { secret, subject, lifetime = 600 } = options;
  if (!secret) throw new RangeError("secret is empty: use the chat proxy's IDENTITY_SECRET");
  if (!isSubject(subject))
    throw new RangeError(`subject is ${JSON.stringify(subject)}: use ${SUBJECT}`);
  if (!(lifetime >= 1 && lifetime <= MAX_LIFETIME))
    throw new RangeError(`lifetime is ${lifetime}: use 1 to ${MAX_LIFETIME} seconds`);
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(subject)
    .setAudience(AUDIENCE)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetime)
    .sign(new TextEncoder().encode(secret));
}

/**
 * The visitor id of a signed identity, whose times may be a minute off. Throws `identity_invalid` with
 * the reason. `now` is in milliseconds.
 */
export async function verifyIdentity(
  token: string,
  secret: string,
  now: () => number = Date.now,
): Promise<string> {
  const key = new TextEncoder().encode(secret);
  const options = {
    algorithms: ["HS256" as const],
    audience: AUDIENCE,
    requiredClaims: ["sub", "exp"],
    currentDate: new Date(now()),
    clockTolerance: CLOCK_TOLERANCE,
  };
  const payload = await jwtVerify(token, key, options).then(
    (result) => result.payload,
    (cause: unknown) => {
      throw invalid(
        "identity is not a JWT that IDENTITY_SECRET signed with HS256, aud lex-chat, sub and exp in the future",
        cause,
      );
    },
  );
  const { sub, exp } = payload;
  if (typeof exp !== "number" || exp > now() / 1000 + MAX_LIFETIME + CLOCK_TOLERANCE) {
    throw invalid("identity expires more than an hour ahead: sign it anew for each page");
  }
  if (!isSubject(sub)) throw invalid(`identity has no usable sub: use ${SUBJECT}`);
  return `u_${createHmac("sha256", key).update(`visitor:${sub}`).digest("base64url")}`;
}

function isSubject(subject: unknown): subject is string {
  return typeof subject === "string" && subject !== "" && subject.length <= MAX_SUBJECT_CHARACTERS;
}

function invalid(detail: string, cause?: unknown): ProxyError {
  return new ProxyError("identity_invalid", { field: "identity", detail, cause });
}
