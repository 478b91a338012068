import { describe, expect, test } from "vitest";
import { deriveKeys } from "../../../proxy/visitors/keys.ts";
import { createTokens, newVisitorId, TOKEN_LIFETIME } from "../../../proxy/visitors/token.ts";
import { craftJwt } from "./craft-jwt.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const OTHER_SECRET = "fedcba9876543210fedcba9876543210";
const ORIGIN = "https://shop.example.com";
const NOW = Date.parse("2026-03-01T12:00:00Z");
const SECONDS = NOW / 1000;
const IDENTIFIED = `u_${"x".repeat(43)}`;

const [key = new Uint8Array()] = deriveKeys([SECRET], "visitor-token");
const tokensAt = (now: number, secrets = [SECRET]) => createTokens(secrets, () => now);
const tokens = tokensAt(NOW);

const header = { alg: "HS256", typ: "lex-chat-visitor+jwt" };
const payload = {
  sub: `a_${"x".repeat(24)}`,
  aud: "lex-chat-visitor",
  origin: ORIGIN,
  iat: SECONDS,
  exp: SECONDS + 60,
};

describe("a signed token", () => {
  test("is verified as the visitor it was signed for", async () => {
    const id = newVisitorId();
    const { token, visitor } = await tokens.sign(id, ORIGIN);

    expect(visitor).toEqual({
      id,
      origin: ORIGIN,
      identified: false,
      issuedAt: SECONDS,
      expiresAt: SECONDS + TOKEN_LIFETIME.anonymous,
    });
    expect(await tokens.verify(token, ORIGIN)).toEqual(visitor);
  });

  test("of an identified visitor is short", async () => {
    const { visitor } = await tokens.sign(IDENTIFIED, ORIGIN);

    expect(visitor).toMatchObject({ identified: true, expiresAt: SECONDS + 3600 });
  });

  test("is valid until its last second and expired from then on", async () => {
    const { token, visitor } = await tokens.sign(newVisitorId(), ORIGIN);
    const end = visitor.expiresAt * 1000;

    expect(await tokensAt(end - 1000).verify(token, ORIGIN)).toEqual(visitor);
    await expect(tokensAt(end).verify(token, ORIGIN)).rejects.toMatchObject({
      code: "token_expired",
    });
  });

  test("is refused on another page's origin, and accepted where none is told", async () => {
    const { token, visitor } = await tokens.sign(newVisitorId(), ORIGIN);

    await expect(tokens.verify(token, "https://evil.test")).rejects.toMatchObject({
      code: "token_other_origin",
    });
    expect(await tokens.verify(token, undefined)).toEqual(visitor);
  });

  test("is old after a day", async () => {
    const { visitor } = await tokens.sign(newVisitorId(), ORIGIN);

    expect(tokensAt(NOW + 86_400_000).isOld(visitor)).toBe(false);
    expect(tokensAt(NOW + 86_401_000).isOld(visitor)).toBe(true);
  });
});

describe("a change of secrets", () => {
  test("keeps the tokens of a secret that is still listed", async () => {
    const { token, visitor } = await tokens.sign(newVisitorId(), ORIGIN);
    const rotated = tokensAt(NOW, [OTHER_SECRET, SECRET]);

    expect(await rotated.verify(token, ORIGIN)).toEqual(visitor);
  });

  test("tells an expired token of the older secret from a forged one", async () => {
    const { token, visitor } = await tokens.sign(newVisitorId(), ORIGIN);
    const rotated = tokensAt(visitor.expiresAt * 1000, [OTHER_SECRET, SECRET]);

    await expect(rotated.verify(token, ORIGIN)).rejects.toMatchObject({ code: "token_expired" });
  });

  test("signs with the first secret", async () => {
    const { token } = await tokensAt(NOW, [OTHER_SECRET, SECRET]).sign(newVisitorId(), ORIGIN);

    await expect(tokens.verify(token, ORIGIN)).rejects.toMatchObject({ code: "token_invalid" });
    expect(await tokensAt(NOW, [OTHER_SECRET]).verify(token, ORIGIN)).toBeDefined();
  });

  test("ends the tokens of a secret that is gone", async () => {
    const { token } = await tokensAt(NOW, [OTHER_SECRET]).sign(newVisitorId(), ORIGIN);

    await expect(tokens.verify(token, ORIGIN)).rejects.toMatchObject({ code: "token_invalid" });
  });

  test("needs at least one", () => {
    expect(() => createTokens([])).toThrow("at least one secret");
  });
});

describe("forgeries", () => {
  test("the hand-made token they start from is a good one", async () => {
    const token = craftJwt(header, payload, key);

    expect(await tokens.verify(token, ORIGIN)).toMatchObject({ id: payload.sub });
  });

  test.each([
    ["alg: none", craftJwt({ ...header, alg: "none" }, payload, null)],
    ["alg: none with a signature", craftJwt({ ...header, alg: "none" }, payload, key)],
    ["alg: None", craftJwt({ ...header, alg: "None" }, payload, null)],
    ["HS512 in the header", craftJwt({ ...header, alg: "HS512" }, payload, key)],
    ["RS256 in the header", craftJwt({ ...header, alg: "RS256" }, payload, key)],
    ["no signature", craftJwt(header, payload, null)],
    ["signed with the raw secret", craftJwt(header, payload, SECRET)],
    [
      "signed with the key of handles",
      craftJwt(header, payload, deriveKeys([SECRET], "conversation-handle")[0] ?? null),
    ],
    ["another type", craftJwt({ ...header, typ: "JWT" }, payload, key)],
    ["no type", craftJwt({ alg: "HS256" }, payload, key)],
    ["another audience", craftJwt(header, { ...payload, aud: "lex-chat" }, key)],
    ["no audience", craftJwt(header, { ...payload, aud: undefined }, key)],
    ["no end", craftJwt(header, { ...payload, exp: undefined }, key)],
    ["no beginning", craftJwt(header, { ...payload, iat: undefined }, key)],
    ["no origin", craftJwt(header, { ...payload, origin: undefined }, key)],
    ["no subject", craftJwt(header, { ...payload, sub: undefined }, key)],
    ["an unknown critical header", craftJwt({ ...header, crit: ["x"], x: 1 }, payload, key)],
    ["a payload that is no object", craftJwt(header, "[]", key)],
    ["a payload that is no JSON", craftJwt(header, "nonsense", key)],
    ["a header that is no JSON", craftJwt("nonsense", payload, key)],
    ["four parts", `${craftJwt(header, payload, key)}.x`],
    ["nothing", ""],
    ["nonsense", "nonsense"],
  ])("%s is refused", async (_name, token) => {
    await expect(tokens.verify(token, ORIGIN)).rejects.toMatchObject({ code: "token_invalid" });
  });

  test.each([
    "",
    "a_",
    "a_short",
    "x_0123456789012345678901234",
    `u_${"x".repeat(42)} y`,
    `${IDENTIFIED}\n`,
  ])("a subject like %j is no visitor id", async (sub) => {
    const token = craftJwt(header, { ...payload, sub }, key);

    await expect(tokens.verify(token, ORIGIN)).rejects.toMatchObject({ code: "token_invalid" });
  });

  test("an anonymous token can't be turned into an identified one", async () => {
    const { token } = await tokens.sign(newVisitorId(), ORIGIN);
    const [head, , signature] = token.split(".");
    const swapped = craftJwt(header, { ...payload, sub: IDENTIFIED }, null).split(".")[1];

    await expect(tokens.verify(`${head}.${swapped}.${signature}`, ORIGIN)).rejects.toMatchObject({
      code: "token_invalid",
    });
  });

  test("the words of a refusal never hold the token", async () => {
    const refusal: unknown = await tokens.verify("lex2_secret.a.b", ORIGIN).catch((error) => error);

    expect(refusal).toMatchObject({ detail: "The visitor token is not valid." });
  });
});

test("a new visitor id is anonymous, random and one that a token may carry", async () => {
  const ids = new Set(Array.from({ length: 100 }, newVisitorId));

  expect(ids.size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^a_[\w-]{24}$/);
});
