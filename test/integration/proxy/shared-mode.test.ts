import { beforeAll, describe, expect, it } from "vitest";
import { ConfigError, signIdentity } from "../../../proxy/index.ts";
import {
  API_KEY,
  call,
  createVisitor,
  eventually,
  ORIGIN,
  startChat,
  startPlatform,
  startProxy,
  type TestProxy,
  type Visitor,
} from "../../support/proxy.ts";
import type { EventStream } from "../../support/event-stream.ts";
import { json, startUpstream, type Handler } from "./upstream.ts";

const IDENTITY_SECRET = "the-site-signs-its-users-with-this-secret";
const SHARED = { CONVERSATIONS: "shared", IDENTITY_SECRET };

const visitorNamed = async (proxy: TestProxy, subject: string): Promise<Visitor> =>
  createVisitor(proxy.url, {
    identity: await signIdentity({ secret: IDENTITY_SECRET, subject }),
  });

async function listConversations(platformUrl: string): Promise<Array<{ id: string }>> {
  const { body } = await call<{ conversations: Array<{ id: string }> }>(
    `${platformUrl}/api/conversations`,
    { headers: { Authorization: `Bearer ${API_KEY}` } },
  );
  return body.conversations;
}

describe("with CONVERSATIONS=shared", () => {
  let proxy: TestProxy;
  let ada: Visitor;
  let bob: Visitor;
  beforeAll(async () => {
    proxy = await startChat({}, SHARED);
    ada = await visitorNamed(proxy, "ada");
    bob = await visitorNamed(proxy, "bob");
  });

  it("two visitors read and write the same channel, each by a handle of their own", async () => {
    const adas = await ada.ask("Hello");
    const stream = await ada.stream(adas.conversationId);
    await stream.snapshot();
    const bobs = await bob.ask("What does shipping cost?");
    expect(bobs.conversationId).not.toBe(adas.conversationId);
    await stream.until(
      "Bob's answer",
      (seen) => seen.event === "message:complete" && seen.data.message.id === bobs.answer.id,
    );
    expect(await ada.messages(adas.conversationId)).toEqual(
      await bob.messages(bobs.conversationId),
    );
    expect(await ada.messages(adas.conversationId)).toHaveLength(4);
  });

  it("a handle is still worth nothing to another visitor", async () => {
    const { conversationId } = await ada.ask("Hello");
    expect((await bob.request(`/${conversationId}/messages`)).status).toBe(404);
  });

  it("there is no session for anybody who is not signed in", async () => {
    expect(await call(`${proxy.url}/api/session`, { body: {} })).toMatchObject({
      status: 403,
      body: { code: "identity_required" },
    });
  });

  it("the widget is told that there is no new conversation", async () => {
    expect(proxy.proxy.config.conversations).toBe("shared");
  });
});

it("a webhook about the shared channel reaches everybody, about another conversation nobody", async () => {
  const WEBHOOK_SECRET = "what-the-platform-sends-along-with-webhooks";
  const platform = await startPlatform();
  const proxy = await startProxy(
    platform.url,
    { ...SHARED, WEBHOOK_SECRET },
    { relayTimes: { graceMs: 50 } },
  );
  const streams: EventStream[] = [];
  for (const name of ["ada", "bob"]) {
    const visitor = await visitorNamed(proxy, name);
    const { conversationId } = await visitor.ask("Hello");
    const stream = await visitor.stream(conversationId);
    await stream.snapshot();
    streams.push(stream);
  }
  await eventually("no stream of the platform", async () => {
    const metrics = await proxy.proxy.metrics.registry.metrics();
    return /^lex_chat_platform_streams 0$/m.test(metrics) || undefined;
  });
  const speakUp = async (conversationId: string, content: string): Promise<void> => {
    const { body } = await call<{ conversationId: string }>(`${platform.url}/demo/proactive`, {
      body: { ...(conversationId !== "" && { conversationId }), content },
      headers: { Authorization: `Bearer ${API_KEY}` },
    });
    const { status } = await call(`${proxy.url}/webhooks/lex`, {
      body: { conversationId: body.conversationId },
      headers: { "X-Webhook-Secret": WEBHOOK_SECRET },
    });
    expect(status).toBe(204);
  };
  const [{ id: channel } = { id: "" }] = await listConversations(platform.url);
  await speakUp("", "Elsewhere.");
  await speakUp(channel, "The office is closed today.");
  for (const stream of streams) {
    await stream.until(
      "the news",
      ({ event, data }) =>
        event === "message:new" && data.message.content === "The office is closed today.",
    );
    const texts = stream.all("message:new").map(({ message }) => message.content);
    expect(texts).not.toContain("Elsewhere.");
  }
});

describe("an anonymous token from before the switch to CONVERSATIONS=shared", () => {
  it("neither reads nor writes the shared channel", async () => {
    const platform = await startPlatform();
    const before = await startProxy(platform.url, { IDENTITY_SECRET });
    const anonymous = await createVisitor(before.url);
    const after = await startProxy(platform.url, SHARED);
    const stranger = await createVisitor(after.url, { token: anonymous.token });
    expect(await stranger.reply("Hello")).toMatchObject({
      status: 403,
      body: { code: "identity_required" },
    });
    expect((await stranger.request("?ids=")).status).toBe(403);
    const renewed = await call(`${after.url}/api/session`, {
      body: {},
      headers: { Authorization: `Bearer ${anonymous.token}` },
    });
    expect(renewed.status).toBe(403);
  });
});

describe("a shared channel that is busy", () => {
  it("holds a first message as it holds every other", async () => {
    const proxy = await startChat({ thinkingMs: 600 }, SHARED);
    const [ada, bob] = [await visitorNamed(proxy, "ada"), await visitorNamed(proxy, "bob")];
    expect((await ada.reply("Hello")).status).toBe(202);
    expect((await bob.reply("Hello")).status).toBe(202);
  });

  it("refuses with the seconds to wait when nobody knows yet which channel it is", async () => {
    const upstream = await startUpstream({
      reply: ({ response }) => void response.writeHead(409).end(),
    });
    const proxy = await startProxy(upstream.url, SHARED);
    const refused = await (await visitorNamed(proxy, "ada")).reply("Hello");
    expect(refused).toMatchObject({ status: 409, body: { code: "conversation_busy" } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("a first message whose outcome nobody told", () => {
  /** Knows of one conversation, whatever is sent; `look` decides whether its list can be read. */
  async function open(reply: Handler) {
    const state = { canLook: true };
    const upstream = await startUpstream({ reply });
    upstream.add("user", "Hello");
    upstream.routes.conversation = ({ request, response }) => {
      const isList = request.url === "/api/conversations" && state.canLook;
      json(response, isList ? 200 : 503, { conversations: [{ id: "the-channel" }] });
    };
    const proxy = await startProxy(upstream.url, SHARED);
    return { upstream, state, ada: await visitorNamed(proxy, "ada") };
  }

  const reset: Handler = ({ response }) => void response.destroy();
  const resetAfterTaking: Handler = ({ response, body }, upstream) => {
    const { content = "" } = JSON.parse(body) as { content?: string };
    Object.assign(upstream.add("user", content), { created_at: new Date().toISOString() });
    response.destroy();
  };
  const take: Handler = ({ response, body }, upstream) => {
    const { content = "" } = JSON.parse(body) as { content?: string };
    const { id } = upstream.add("user", content);
    json(response, 202, { success: true, messageId: id, conversationId: "the-channel" });
  };
  const KEY = { "Idempotency-Key": "the-key-of-the-first-message" };
  const UNKNOWN = { status: 502, body: { code: "send_outcome_unknown", retryable: false } };

  it("is found where the platform put it, and gets its answer", async () => {
    const platform = await startPlatform({ reply: "lost" });
    const proxy = await startProxy(platform.url, SHARED);
    const ada = await visitorNamed(proxy, "ada");
    const { conversationId, question } = await ada.ask("Hello");
    expect(await ada.messages(conversationId)).toMatchObject([
      { id: question, role: "user", content: "Hello" },
      { role: "assistant" },
    ]);
  });

  it("is reported when it is nowhere: an earlier one of the same text is another one", async () => {
    const { upstream, ada } = await open(reset);
    expect(await ada.reply("Hello")).toMatchObject(UNKNOWN);
    expect(upstream.sends()).toHaveLength(1);
  });

  it("is looked for before the same key sends it again", async () => {
    const { upstream, state, ada } = await open((exchange, upstream) => {
      state.canLook = false;
      resetAfterTaking(exchange, upstream);
    });
    expect(await ada.reply("Hello", undefined, KEY)).toMatchObject(UNKNOWN);
    state.canLook = true;
    expect(await ada.reply("Hello", undefined, KEY)).toMatchObject({
      status: 202,
      body: { messageId: "message-2" },
    });
    expect(upstream.sends()).toHaveLength(1);
  });

  it("is looked for also when the channel is known by then", async () => {
    const { upstream, state, ada } = await open((exchange, upstream) => {
      state.canLook = false;
      resetAfterTaking(exchange, upstream);
    });
    expect(await ada.reply("Hello", undefined, KEY)).toMatchObject(UNKNOWN);
    state.canLook = true;
    upstream.routes.reply = take;
    const { body } = await ada.reply("And now?");
    const again = await ada.reply("Hello", body.conversationId, KEY);
    expect(again).toMatchObject({ status: 202, body: { messageId: "message-2" } });
    expect(upstream.sends()).toHaveLength(2);
  });
});

describe("without IDENTITY_SECRET", () => {
  const start = (origins: string) =>
    startChat({}, { CONVERSATIONS: "shared", ALLOWED_ORIGINS: origins });

  it.each([ORIGIN, "*", "https://*.example.com", `http://localhost:3000,${ORIGIN}`])(
    "a shared channel does not start for %s",
    async (origins) => {
      await expect(start(origins)).rejects.toThrow(ConfigError);
      await expect(start(origins)).rejects.toThrow(/CONVERSATIONS.*IDENTITY_SECRET/);
    },
  );

  it("a shared channel serves pages on this machine", async () => {
    const origin = "http://localhost:3000";
    const proxy = await start(`${origin},http://127.0.0.1:3000`);
    const visitor = await createVisitor(proxy.url, { origin });
    const { conversationId } = await visitor.ask("Hello");
    expect(await visitor.messages(conversationId)).toHaveLength(2);
  });
});
