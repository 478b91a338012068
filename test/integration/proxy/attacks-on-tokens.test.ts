import { SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { signIdentity } from "../../../proxy/index.ts";
import type { ConversationsResponse, Problem } from "../../../proxy/protocol.ts";
import { deriveKeys } from "../../../proxy/visitors/keys.ts";
import { createTokens } from "../../../proxy/visitors/token.ts";
import {
  call,
  createVisitor,
  ORIGIN,
  SESSION_SECRET,
  startChat,
  type Answer,
  type TestProxy,
  type Visitor,
} from "../../support/proxy.ts";

const IDENTITY_SECRET = "the-site-signs-its-users-with-this-secret";
const OTHER_SECRET = "a-secret-that-the-attacker-has-made-up-alone";
const OTHER_ORIGIN = "https://other-shop.example";
const DAY = 24 * 60 * 60;

let proxy: TestProxy;
let victim: Visitor;
let attacker: Visitor;
let conversation: { conversationId: string };

beforeAll(async () => {
  proxy = await startChat({}, { IDENTITY_SECRET, ALLOWED_ORIGINS: `${ORIGIN},${OTHER_ORIGIN}` });
  victim = await createVisitor(proxy.url);
  attacker = await createVisitor(proxy.url);
  conversation = await victim.ask("My address is 1 Secret Street");
});

describe("a visitor token", () => {
  const [key = new Uint8Array()] = deriveKeys([SESSION_SECRET], "visitor-token");
  const claims = () =>
    new SignJWT({ origin: ORIGIN })
      .setSubject(victim.visitorId)
      .setIssuedAt()
      .setExpirationTime("1h");
  const header = { alg: "HS256", typ: "lex-chat-visitor+jwt" };
  const audience = "lex-chat-visitor";
  const swapPayload = async (): Promise<string> => {
    const [head, , signature] = attacker.token.split(".");
    const [, payload] = victim.token.split(".");
    return [head, payload, signature].join(".");
  };
  const signedLongAgo = async (): Promise<string> =>
    (
      await createTokens([SESSION_SECRET], () => Date.now() - 31 * DAY * 1000).sign(
        victim.visitorId,
        ORIGIN,
      )
    ).token;

  const forgeries: Array<[name: string, make: () => Promise<string>, code: string]> = [
    ["that has expired", signedLongAgo, "token_expired"],
    [
      "signed with another secret",
      async () => (await createTokens([OTHER_SECRET]).sign(victim.visitorId, ORIGIN)).token,
      "token_invalid",
    ],
    [
      "with alg none",
      async () =>
        new UnsecuredJWT({ origin: ORIGIN })
          .setSubject(victim.visitorId)
          .setAudience(audience)
          .setExpirationTime("1h")
          .encode(),
      "token_invalid",
    ],
    ["with the victim's payload over the attacker's signature", swapPayload, "token_invalid"],
    [
      "with another algorithm",
      () =>
        claims()
          .setProtectedHeader({ ...header, alg: "HS512" })
          .setAudience(audience)
          .sign(new Uint8Array([...key, ...key])),
      "token_invalid",
    ],
    [
      "of another type",
      () =>
        claims().setProtectedHeader({ alg: "HS256", typ: "JWT" }).setAudience(audience).sign(key),
      "token_invalid",
    ],
    [
      "for another audience",
      () => claims().setProtectedHeader(header).setAudience("lex-chat").sign(key),
      "token_invalid",
    ],
    [
      "that is the session secret's own HMAC",
      () =>
        claims()
          .setProtectedHeader(header)
          .setAudience(audience)
          .sign(new TextEncoder().encode(SESSION_SECRET)),
      "token_invalid",
    ],
    [
      "that never ends",
      () =>
        new SignJWT({ origin: ORIGIN })
          .setSubject(victim.visitorId)
          .setIssuedAt()
          .setAudience(audience)
          .setProtectedHeader(header)
          .sign(key),
      "token_invalid",
    ],
    [
      "that is the site's identity of a user",
      () => signIdentity({ secret: IDENTITY_SECRET, subject: "ada" }),
      "token_invalid",
    ],
  ];

  it.each(forgeries)("%s opens nothing", async (_name, make, code) => {
    const thief = await createVisitor(proxy.url, { token: await make() });
    expect(await thief.request(`/${conversation.conversationId}/messages`)).toMatchObject({
      status: 401,
      body: { code },
    });
    const renewed = await call(`${proxy.url}/api/session`, {
      body: {},
      headers: { Authorization: `Bearer ${await make()}` },
    });
    expect(renewed).toMatchObject({ status: 401, body: { code } });
  });

  it("that was stolen is worth nothing on another page", async () => {
    const thief = await createVisitor(proxy.url, { token: victim.token, origin: OTHER_ORIGIN });
    expect(await thief.request(`/${conversation.conversationId}/messages`)).toMatchObject({
      status: 403,
      body: { code: "token_other_origin" },
    });
  });

  it.each(["token", "access_token", "Authorization"])(
    "in a URL is not looked at: ?%s=",
    async (name) => {
      const answer = await victim.request(
        `/${conversation.conversationId}/messages?${name}=${victim.token}`,
        {
          headers: { Authorization: undefined },
        },
      );
      expect(answer).toMatchObject({ status: 401, body: { code: "token_missing" } });
    },
  );

  it("in a cookie is not looked at", async () => {
    const answer = await victim.request(`/${conversation.conversationId}/messages`, {
      headers: { Authorization: undefined, Cookie: `token=${victim.token}` },
    });
    expect(answer.status).toBe(401);
  });
});

describe("an identity", () => {
  const identify = (identity: string): Promise<Answer<Problem>> =>
    call(`${proxy.url}/api/session`, { body: { identity } });
  const key = new TextEncoder().encode(IDENTITY_SECRET);
  const user = (audience = "lex-chat") => new SignJWT().setSubject("ada").setAudience(audience);
  const header = { alg: "HS256" };

  it.each([
    [
      "for another service",
      () => user("another-service").setExpirationTime("10m").setProtectedHeader(header).sign(key),
    ],
    [
      "that lives for a year",
      () => user().setExpirationTime("1y").setProtectedHeader(header).sign(key),
    ],
    ["that never ends", () => user().setProtectedHeader(header).sign(key)],
    ["that has ended", () => user().setExpirationTime("-1m").setProtectedHeader(header).sign(key)],
    [
      "of nobody",
      () =>
        new SignJWT()
          .setAudience("lex-chat")
          .setExpirationTime("10m")
          .setProtectedHeader(header)
          .sign(key),
    ],
    [
      "with alg none",
      async () =>
        new UnsecuredJWT({ sub: "ada" }).setAudience("lex-chat").setExpirationTime("10m").encode(),
    ],
    ["signed with another secret", () => signIdentity({ secret: OTHER_SECRET, subject: "ada" })],
    ["that is a visitor token", async () => victim.token],
  ])("%s is refused", async (_name, make) => {
    expect(await identify(await make())).toMatchObject({
      status: 401,
      body: { code: "identity_invalid", field: "identity" },
    });
  });

  it("whose name is a visitor's id does not become that visitor", async () => {
    const identity = await signIdentity({ secret: IDENTITY_SECRET, subject: victim.visitorId });
    const impostor = await createVisitor(proxy.url, { identity });
    expect(impostor.visitorId).toMatch(/^u_/);
    expect((await impostor.request(`/${conversation.conversationId}/messages`)).status).toBe(404);
  });

  it("whose name is an identified visitor's id does not become that visitor", async () => {
    const ada = await createVisitor(proxy.url, {
      identity: await signIdentity({ secret: IDENTITY_SECRET, subject: "ada" }),
    });
    const impostor = await createVisitor(proxy.url, {
      identity: await signIdentity({ secret: IDENTITY_SECRET, subject: ada.visitorId }),
    });
    expect(impostor.visitorId).not.toBe(ada.visitorId);
    const { conversationId } = await ada.ask("Hello");
    expect((await impostor.request<ConversationsResponse>("")).body.conversations).toEqual([]);
    expect((await impostor.request(`/${conversationId}/messages`)).status).toBe(404);
  });
});
