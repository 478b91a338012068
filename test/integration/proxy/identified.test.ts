/** Visitors whom the site has signed in: what is theirs in every browser, and nobody else's. */
import { beforeAll, describe, expect, it } from "vitest";
import { signIdentity } from "../../../proxy/index.ts";
import type { ConversationsResponse } from "../../../proxy/protocol.ts";
import { createTokens } from "../../../proxy/visitors/token.ts";
import {
  createVisitor,
  eventually,
  ORIGIN,
  SESSION_SECRET,
  startChat,
  type TestProxy,
  type Visitor,
} from "../../support/proxy.ts";

const IDENTITY_SECRET = "the-site-signs-its-users-with-this-secret";
const HOUR = 3600_000;

let proxy: TestProxy;

beforeAll(async () => {
  proxy = await startChat({}, { IDENTITY_SECRET });
});

/** A browser in which the site has signed somebody in. */
async function signIn(subject: string): Promise<Visitor> {
  const identity = await signIdentity({ secret: IDENTITY_SECRET, subject });
  return createVisitor(proxy.url, { identity });
}

const list = async ({ request }: Visitor, query = ""): Promise<string[]> =>
  (await request<ConversationsResponse>(query)).body.conversations.map(
    ({ conversationId }) => conversationId,
  );

describe("a visitor whom the site has signed in", () => {
  it("has a token for an hour, and is the same one in every browser", async () => {
    const [here, there] = await Promise.all([signIn("grace"), signIn("grace")]);
    expect(there.visitorId).toBe(here.visitorId);
    const left = Date.parse(here.expiresAt) - Date.now();
    expect(left).toBeGreaterThan(HOUR - 60_000);
    expect(left).toBeLessThanOrEqual(HOUR);
  });

  it("finds their conversations in another browser, the newest first, as many as asked for", async () => {
    const ada = await signIn("ada");
    const first = (await ada.ask("Hello")).conversationId;
    const second = (await ada.ask("What does shipping cost?")).conversationId;
    const elsewhere = await signIn("ada");
    expect(await list(elsewhere)).toEqual([second, first]);
    expect(await list(elsewhere, "?limit=1")).toEqual([second]);
    expect(await list(elsewhere, `?limit=1&ids=${first}`)).toEqual([first]);
    expect(await elsewhere.messages(first)).toHaveLength(2);
  });

  it("reaches nothing of another one's, by list, handle or stream", async () => {
    const [eve, bob] = await Promise.all([signIn("eve"), signIn("bob")]);
    const { conversationId } = await eve.ask("My address is 1 Secret Street");
    expect(await list(bob)).toEqual([]);
    expect(await list(bob, `?ids=${conversationId}`)).toEqual([]);
    for (const path of ["messages", "status", "stream"]) {
      const { status, body } = await bob.request(`/${conversationId}/${path}`);
      expect([status, body.code], path).toEqual([404, "conversation_not_found"]);
    }
    expect((await bob.reply("Hello", conversationId)).status).toBe(404);
  });

  it("is refused when the hour is over, and goes on with a new identity", async () => {
    const { visitorId, ...before } = await signIn("joan");
    const { conversationId } = await before.ask("Hello");
    const anHourAgo = createTokens([SESSION_SECRET], () => Date.now() - HOUR - 1000);
    const { token } = await anHourAgo.sign(visitorId, ORIGIN);
    const late = await createVisitor(proxy.url, { token });
    const { status, body } = await late.request(`/${conversationId}/messages`);
    expect([status, body.code]).toEqual([401, "token_expired"]);
    expect(await (await signIn("joan")).messages(conversationId)).toHaveLength(2);
  });

  it("has a stream that ends with the token", async () => {
    const joan = await signIn("joan");
    const { conversationId } = await joan.ask("Hello");
    const anHourAgo = createTokens([SESSION_SECRET], () => Date.now() - HOUR + 3000);
    const { token } = await anHourAgo.sign(joan.visitorId, ORIGIN);
    const stream = await (await createVisitor(proxy.url, { token })).stream(conversationId);
    await stream.snapshot();
    await stream.ended();
    await eventually("nobody who watches", async () => {
      const metrics = await proxy.proxy.metrics.registry.metrics();
      return /^lex_chat_viewers 0$/m.test(metrics) || undefined;
    });
  });
});
