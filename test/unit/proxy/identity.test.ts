import { describe, expect, test } from "vitest";
import { deriveKeys } from "../../../proxy/visitors/keys.ts";
import { signIdentity, verifyIdentity } from "../../../proxy/visitors/identity.ts";
import { createTokens, newVisitorId } from "../../../proxy/visitors/token.ts";
import { craftJwt } from "./craft-jwt.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const OTHER_SECRET = "fedcba9876543210fedcba9876543210";
const NOW = Date.parse("2026-03-01T12:00:00Z");
const SECONDS = NOW / 1000;

const header = { alg: "HS256" };
const payload = { sub: "user-42", aud: "lex-chat", exp: SECONDS + 600 };
const verify = (token: string, secret = SECRET): Promise<string> =>
  verifyIdentity(token, secret, () => NOW);

describe("an identity that the site signed", () => {
  test("gives the same visitor id each time", async () => {
    const first = await verifyIdentity(
      await signIdentity({ secret: SECRET, subject: "42" }),
      SECRET,
    );
    const again = await verifyIdentity(
      await signIdentity({ secret: SECRET, subject: "42", lifetime: 60 }),
      SECRET,
    );

    expect(first).toMatch(/^u_[\w-]{43}$/);
    expect(again).toBe(first);
  });

  test("gives each user another id, and another one under another secret", async () => {
    const ids = await Promise.all([
      verify(craftJwt(header, { ...payload, sub: "1" }, SECRET)),
      verify(craftJwt(header, { ...payload, sub: "2" }, SECRET)),
      verify(craftJwt(header, { ...payload, sub: "1" }, OTHER_SECRET), OTHER_SECRET),
    ]);

    expect(new Set(ids).size).toBe(3);
  });

  test("never shows the user id of the site", async () => {
    expect(await verify(craftJwt(header, payload, SECRET))).not.toContain("user-42");
  });

  test("is an identified visitor even if its subject looks like an anonymous id", async () => {
    const sub = newVisitorId();

    expect(await verify(craftJwt(header, { ...payload, sub }, SECRET))).toMatch(/^u_/);
  });

  test("may have any subject of 1 to 256 characters", async () => {
    for (const sub of ["x", "ада@example.com", "x".repeat(256)])
      expect(await verify(craftJwt(header, { ...payload, sub }, SECRET))).toMatch(/^u_/);
  });

  // The JWT's times are those of the site's clock, the end of it is told by the proxy's.
  test.each([
    ["lasts an hour", { exp: 3600 }],
    ["lasts an hour by a clock that is a minute ahead", { exp: 3660 }],
    ["has just ended by a clock that is a minute behind", { exp: -59 }],
    ["begins now by a clock that is a minute ahead", { nbf: 60, iat: 60 }],
  ])("may be one that %s", async (_, offsets) => {
    const times = Object.entries(offsets).map(([name, offset]) => [name, SECONDS + offset]);
    const token = craftJwt(header, { ...payload, ...Object.fromEntries(times) }, SECRET);

    expect(await verify(token)).toMatch(/^u_/);
  });
});

describe("refused is", () => {
  test.each([
    ["alg: none", craftJwt({ alg: "none" }, payload, null)],
    ["an RS256 header over an HMAC", craftJwt({ alg: "RS256" }, payload, SECRET)],
    ["an HS512 header", craftJwt({ alg: "HS512" }, payload, SECRET)],
    ["another secret", craftJwt(header, payload, OTHER_SECRET)],
    [
      "a key derived from the secret",
      craftJwt(header, payload, deriveKeys([SECRET], "visitor-token")[0] ?? null),
    ],
    ["no audience", craftJwt(header, { ...payload, aud: undefined }, SECRET)],
    ["another audience", craftJwt(header, { ...payload, aud: "other" }, SECRET)],
    [
      "the audience of visitor tokens",
      craftJwt(header, { ...payload, aud: "lex-chat-visitor" }, SECRET),
    ],
    ["an end a minute ago", craftJwt(header, { ...payload, exp: SECONDS - 60 }, SECRET)],
    ["a beginning in the future", craftJwt(header, { ...payload, nbf: SECONDS + 61 }, SECRET)],
    ["no end", craftJwt(header, { ...payload, exp: undefined }, SECRET)],
    ["an end that is no number", craftJwt(header, { ...payload, exp: "tomorrow" }, SECRET)],
    ["no subject", craftJwt(header, { ...payload, sub: undefined }, SECRET)],
    ["nonsense", "nonsense"],
    ["nothing", ""],
  ])("%s, with what a good one needs", async (_name, token) => {
    await expect(verify(token)).rejects.toMatchObject({
      code: "identity_invalid",
      field: "identity",
      detail: expect.stringContaining("signed with HS256, aud lex-chat, sub and exp"),
    });
  });

  test("an end more than an hour ahead, by any clock, with the fix", async () => {
    const token = craftJwt(header, { ...payload, exp: SECONDS + 3661 }, SECRET);

    await expect(verify(token)).rejects.toMatchObject({
      code: "identity_invalid",
      detail: expect.stringContaining("more than an hour ahead"),
    });
  });

  test.each([[""], ["x".repeat(257)], [42], [["user-42"]], [{ id: 42 }]])(
    "the subject %j, with the fix",
    async (sub) => {
      const token = craftJwt(header, { ...payload, sub }, SECRET);

      await expect(verify(token)).rejects.toMatchObject({
        code: "identity_invalid",
        detail: expect.stringContaining("use a text of 1 to 256 characters"),
      });
    },
  );

  test("a visitor token, and an identity as a visitor token", async () => {
    const tokens = createTokens([SECRET], () => NOW);
    const { token } = await tokens.sign(newVisitorId(), "https://shop.example.com");

    await expect(verify(token)).rejects.toMatchObject({ code: "identity_invalid" });
    await expect(tokens.verify(craftJwt(header, payload, SECRET), undefined)).rejects.toMatchObject(
      { code: "token_invalid" },
    );
  });
});

test.each([
  ["lifetime", 0, "use 1 to 3600 seconds"],
  ["lifetime", -1, "use 1 to 3600 seconds"],
  ["lifetime", 3601, "use 1 to 3600 seconds"],
  ["lifetime", NaN, "use 1 to 3600 seconds"],
  ["subject", "", "use a text of 1 to 256 characters"],
  ["subject", "x".repeat(257), "use a text of 1 to 256 characters"],
  // Where the site has no types.
  ["subject", 42, "use a text of 1 to 256 characters"],
  ["subject", undefined, "use a text of 1 to 256 characters"],
  ["secret", "", "use the chat proxy's IDENTITY_SECRET"],
  ["secret", undefined, "use the chat proxy's IDENTITY_SECRET"],
])("signIdentity refuses the %s %j, which the proxy would refuse", async (name, value, fix) => {
  const options = { secret: SECRET, subject: "42", [name]: value };
  const signing = signIdentity(options);
  await expect(signing).rejects.toThrow(RangeError);
  await expect(signing).rejects.toThrow(fix);
  await expect(signing).rejects.toThrow(name);
});
