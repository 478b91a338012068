/** Every call's success and every refusal that the document promises, as the proxy really gives them. */
import { beforeAll, describe, expect, it } from "vitest";
import type { ChatProxyOptions } from "../../../proxy/app.ts";
import { signIdentity } from "../../../proxy/index.ts";
import type { ErrorCode } from "../../../proxy/protocol.ts";
import { createTokens } from "../../../proxy/visitors/token.ts";
import {
  createVisitor,
  ORIGIN,
  SESSION_SECRET,
  startChat,
  startProxy,
  type TestProxy,
  type Visitor,
} from "../../support/proxy.ts";
import { makeWidget } from "../../support/widget-files.ts";
import { json, startUpstream, type Routes } from "../proxy/upstream.ts";
import {
  ask,
  documented,
  expectAnswer as expectAnswerOf,
  expectDocumented,
  OPERATIONS,
  problemsOf,
  signAsLexey,
  unseen,
  type Ask,
} from "./contract.ts";

const IDENTITY_SECRET = "the-site-signs-its-users-with-this-secret";
const ADMIN_TOKEN = "admin-token-of-the-openapi-tests-0123456789";
const WEBHOOK_SECRET = "webhook-secret-of-the-openapi-tests-0123456";
const NOWHERE = "http://127.0.0.1:9";
const LEXEY_WEBHOOK_SECRET = "lexey-webhook-secret-of-the-openapi-tests";
const SECRETS = { IDENTITY_SECRET, ADMIN_TOKEN, WEBHOOK_SECRET, LEXEY_WEBHOOK_SECRET };
/** As `makeWidget` names it. */
const MANAGE_ASSET = "main-Ab12Cd34.js";
const AWAY = { REDIS_URL: "redis://127.0.0.1:1" };
const MONTH_MS = 31 * 24 * 60 * 60 * 1000;

/** A body that each operation takes. */
const BODIES: Record<string, unknown> = {
  createSession: {},
  reply: { content: "What does shipping cost?" },
  rateMessage: { rating: "up" },
  lexWebhook: { conversationId: "unknown" },
  lexeyWebhook: { event: "conversation.escalated", conversation: { id: "unknown" } },
};
const BEARER: Record<string, string> = {
  "X-Webhook-Secret": WEBHOOK_SECRET,
  Authorization: `Bearer ${ADMIN_TOKEN}`,
};

const sign = (body: unknown): Record<string, string> => signAsLexey(LEXEY_WEBHOOK_SECRET, body);

/** As `expectAnswer` of the contract, with a body that the operation takes. */
const expectAnswer: typeof expectAnswerOf = (url, operation, expected, options = {}) => {
  const body = options.body ?? BODIES[operation];
  const headers = { ...(operation === "lexeyWebhook" && sign(body)), ...options.headers };
  return expectAnswerOf(url, operation, expected, { ...options, body, headers });
};

/** Without those that pass to Lexey. */
const names = [...OPERATIONS]
  .filter(([, { path }]) => !path.startsWith("/api/management/"))
  .map(([name]) => name);
const withCode = (code: ErrorCode): string[] =>
  names.filter((name) => documented(name).codes.has(code));
const authorize = (token: string): Ask => ({ headers: { Authorization: `Bearer ${token}` } });

let proxy: TestProxy;
let visitor: Visitor;
let handle: string;

beforeAll(async () => {
  proxy = await startChat({}, SECRETS, { widgetFolder: makeWidget() });
  visitor = await createVisitor(proxy.url);
  handle = (await visitor.ask("Hello")).conversationId;
});

const of = (other: Visitor, id = "handle"): Ask => ({ ...authorize(other.token), id });

describe("a success of", () => {
  it.each([
    ["getStatus", 200],
    ["listMessages", 200],
    ["listConversations", 200],
    ["rateMessage", 204],
    ["stopAnswer", 200],
    ["reply", 202],
  ])("%s is as documented", async (operation, status) => {
    await expectAnswer(proxy.url, operation, status, {
      ...of(visitor, handle),
      query: operation === "listConversations" ? `?ids=${handle}` : "",
    });
  });

  it.each([
    ["createSession", {}],
    ["getMetrics", { headers: BEARER }],
    ["getOverview", { headers: BEARER }],
    ["getBranding", { headers: BEARER }],
    ["getHistory", { headers: BEARER }],
    ["getManagePage", {}],
    ["getPreview", {}],
    ["getManageAsset", { name: MANAGE_ASSET }],
    ["lexWebhook", { headers: BEARER }],
    ["lexeyWebhook", {}],
    ["getHealth", {}],
    ["getReadiness", {}],
    ["probeStream", {}],
    ["getOpenApi", {}],
    ["getLlmsText", {}],
    ["getWidget", {}],
    ["getAsset", {}],
  ])("%s is as documented", async (operation, options) => {
    await expectAnswer(proxy.url, operation, operation === "lexWebhook" ? 204 : 200, options);
  });

  it.each([
    ["getWidget", {}],
    ["getAsset", {}],
    ["getManageAsset", { name: MANAGE_ASSET }],
  ])("%s may be that nothing has changed", async (operation, options) => {
    const { headers } = await ask(proxy.url, operation, options);
    const etag = headers.get("etag") ?? "";
    await expectAnswer(proxy.url, operation, 304, {
      ...options,
      // `fetch` alone would ask for a fresh one.
      headers: { "If-None-Match": etag, "Cache-Control": "max-age=60" },
    });
  });

  it("getHealth may name Redis", async () => {
    const away = await startProxy(NOWHERE, AWAY);
    const { body } = await expectAnswer(away.url, "getHealth", 200);
    expect(body).toEqual({ status: "ok", redis: "down" });
  });

  it("streamConversation has events whose data is as documented", async () => {
    const { "x-events": events = {} } = documented("streamConversation").answers.get(200)?.[
      "text/event-stream"
    ] ?? { schema: {} };
    const stream = await visitor.stream(handle);
    await stream.snapshot();
    await visitor.reply("And to Austria?", handle);
    await stream.until("the answer", ({ event }) => event === "message:complete");
    expect(stream.headers.get("content-type")).toContain("text/event-stream");
    expectDocumented("streamConversation", { ...stream, text: stream.raw(), body: undefined });
    stream.close();
    expect(stream.all("message:chunk").length).toBeGreaterThan(0);
    for (const { event, data } of stream.events)
      expect(problemsOf(events[event] ?? { not: {} }, data), event).toEqual([]);
  });

  it("createSession may be for a visitor whom the site has signed in", async () => {
    const identity = await signIdentity({ subject: "customer-1", secret: IDENTITY_SECRET });
    await expectAnswer(proxy.url, "createSession", 200, { body: { identity } });
  });
});

describe("what is checked on every call that promises it:", () => {
  it.each(withCode("invalid_json"))("the JSON of %s", async (operation) => {
    const headers = { ...BEARER, ...authorize(visitor.token).headers };
    await expectAnswer(proxy.url, operation, "invalid_json", {
      headers,
      method: "POST",
      body: "{",
    });
  });

  it.each(withCode("unsupported_media_type"))("the type of %s' body", async (operation) => {
    const headers = { ...BEARER, "Content-Type": "text/plain" };
    const options = { headers, method: "POST", body: "text" };
    await expectAnswer(proxy.url, operation, "unsupported_media_type", options);
  });

  it.each(withCode("body_too_large"))("the size of %s' body", async (operation) => {
    const size = operation === "lexeyWebhook" ? 2_200_000 : 70_000;
    const options = { headers: BEARER, method: "POST", body: { content: "x".repeat(size) } };
    await expectAnswer(proxy.url, operation, "body_too_large", options);
  });

  it.each(withCode("origin_not_allowed"))("the origin of %s", async (operation) => {
    const headers = { Origin: "https://other.example" };
    await expectAnswer(proxy.url, operation, "origin_not_allowed", { headers });
  });

  it.each(withCode("token_missing"))("that %s has a token", async (operation) => {
    await expectAnswer(proxy.url, operation, "token_missing");
  });

  it.each(withCode("token_invalid"))("that %s has a token of ours", async (operation) => {
    await expectAnswer(proxy.url, operation, "token_invalid", authorize("e30.e30.e30"));
  });

  it.each(withCode("token_expired"))("that the token of %s has not expired", async (operation) => {
    const past = createTokens([SESSION_SECRET], () => Date.now() - MONTH_MS);
    const { token } = await past.sign(visitor.visitorId, ORIGIN);
    await expectAnswer(proxy.url, operation, "token_expired", authorize(token));
  });

  it.each(withCode("token_other_origin"))(
    "that the token of %s is its page's",
    async (operation) => {
      const { token } = await createTokens([SESSION_SECRET]).sign(
        visitor.visitorId,
        "https://a.example",
      );
      await expectAnswer(proxy.url, operation, "token_other_origin", authorize(token));
    },
  );

  it.each(withCode("identity_required"))(
    "who is there, for %s in shared mode",
    async (operation) => {
      const shared = await startChat({}, { IDENTITY_SECRET, CONVERSATIONS: "shared" });
      const options = operation === "createSession" ? {} : of(visitor);
      await expectAnswer(shared.url, operation, "identity_required", options);
    },
  );

  it.each(withCode("shutting_down"))("whether %s comes too late", async (operation) => {
    // Of several proxies: one alone still looks for an answer to stop.
    const fleet = operation === "stopAnswer" ? AWAY : {};
    const closing = await startProxy(NOWHERE, fleet);
    await closing.proxy.close();
    await expectAnswer(closing.url, operation, "shutting_down", of(visitor, handle));
  });

  it.each(withCode("conversation_not_found"))("whose conversation %s means", async (operation) => {
    await expectAnswer(proxy.url, operation, "conversation_not_found", {
      ...of(visitor, "abc.def"),
      ...(operation === "reply" && { body: { content: "Hi", conversationId: "abc.def" } }),
    });
  });

  it.each(withCode("admin_token_invalid"))("the secret of %s", async (operation) => {
    const headers = {
      Authorization: "Bearer wrong",
      "X-Webhook-Secret": "wrong",
      "X-Lexey-Signature": "sha256=00",
    };
    await expectAnswer(proxy.url, operation, "admin_token_invalid", { headers });
  });
});

describe("what is wrong with a request to", () => {
  it.each<[operation: string, code: ErrorCode, options: Ask]>([
    ["createSession", "invalid_request", { body: { identity: 1 } }],
    ["createSession", "identity_invalid", { body: { identity: "e30.e30.e30" } }],
    ["reply", "invalid_request", { body: {} }],
    ["reply", "message_too_long", { body: { content: "x".repeat(8001) } }],
    ["rateMessage", "invalid_request", { body: { rating: 5 } }],
    ["lexWebhook", "invalid_request", { body: {}, headers: BEARER }],
    ["lexeyWebhook", "invalid_request", { body: {} }],
    ["listMessages", "invalid_request", { query: "?limit=0" }],
    ["listConversations", "invalid_request", { query: "?ids=a&ids=b" }],
    ["getStatus", "invalid_request", { id: "x".repeat(301) }],
    ["stopAnswer", "invalid_request", { id: "x".repeat(301) }],
    ["streamConversation", "invalid_request", { id: "x".repeat(301) }],
    ["getAsset", "route_not_found", { name: "none.js" }],
  ])("%s is told as %s", async (operation, code, options) => {
    await expectAnswer(proxy.url, operation, code, {
      id: handle,
      ...options,
      headers: { ...authorize(visitor.token).headers, ...options.headers },
    });
  });

  it("reply with the key of another message is told as idempotency_key_reused", async () => {
    const headers = { ...of(visitor).headers, "Idempotency-Key": "0123456789" };
    await expectAnswer(proxy.url, "reply", 202, { headers });
    const options = { headers, body: { content: "Another one" } };
    await expectAnswer(proxy.url, "reply", "idempotency_key_reused", options);
  });
});

describe("what is off is not there:", () => {
  it.each([
    ["rateMessage", { FEEDBACK: "off" }],
    ["lexWebhook", { ...SECRETS, WEBHOOK_SECRET: "" }],
    ["lexeyWebhook", { ...SECRETS, LEXEY_WEBHOOK_SECRET: "" }],
    ["getManagePage", { ...SECRETS, ADMIN_TOKEN: "" }],
    ["getPreview", { ...SECRETS, ADMIN_TOKEN: "" }],
    ["getManageAsset", { ...SECRETS, ADMIN_TOKEN: "" }],
    ["getOverview", { ...SECRETS, ADMIN_TOKEN: "" }],
    ["getBranding", { ...SECRETS, ADMIN_TOKEN: "" }],
    ["getHistory", { ...SECRETS, ADMIN_TOKEN: "" }],
  ])("%s under %j", async (operation, environment) => {
    const without = await startChat({}, environment);
    await expectAnswer(without.url, operation, "route_not_found", {
      headers: { ...BEARER, ...authorize((await createVisitor(without.url)).token).headers },
    });
  });

  it("the widget that was never built", async () => {
    const without = await startProxy(NOWHERE, {}, { widgetFolder: "/nowhere" });
    await expectAnswer(without.url, "getWidget", "route_not_found");
  });
});

describe("a limit that is reached:", () => {
  it.each<[operation: string, code: ErrorCode, environment: Record<string, string>]>([
    ["createSession", "too_many_requests", { LIMIT_SESSIONS_PER_ADDRESS: "1" }],
    ["reply", "too_many_requests", { LIMIT_MESSAGES_PER_VISITOR: "1" }],
    ["reply", "daily_limit_reached", { LIMIT_MESSAGES_PER_DAY: "1" }],
    ["reply", "conversation_full", { LIMIT_MESSAGES_PER_CONVERSATION: "1" }],
    ["streamConversation", "too_many_streams", { LIMIT_STREAMS: "1" }],
  ])("%s answers %s", async (operation, code, environment) => {
    const limited = await startChat({}, environment);
    const one = await createVisitor(limited.url);
    const { body } = await one.reply("Hello");
    if (operation === "streamConversation") await one.stream(body.conversationId);
    const conversation = { content: "Hi", conversationId: body.conversationId };
    await expectAnswer(limited.url, operation, code, {
      ...of(one, body.conversationId),
      ...(operation === "reply" && { body: conversation }),
    });
  });

  it("each read answers too_many_requests", async () => {
    const limited = await startChat({}, { LIMIT_READS_PER_VISITOR: "50" });
    const one = await createVisitor(limited.url);
    const { body } = await one.reply("Hello");
    for (let reads = 0; reads < 50; reads += 1) await one.messages(body.conversationId);
    const asked = of(one, body.conversationId);
    const lists = ["listMessages", "listConversations"];
    for (const operation of [...lists, "getStatus", "streamConversation", "rateMessage"])
      await expectAnswer(limited.url, operation, "too_many_requests", asked);
  });

  it.each(["getMetrics", "getOverview", "getBranding", "getHistory"])(
    "%s answers too_many_requests",
    async (operation) => {
      const guarded = await startProxy(NOWHERE, SECRETS);
      const wrong = { headers: { Authorization: "Bearer wrong" } };
      for (let tries = 0; tries < 10; tries += 1) await ask(guarded.url, operation, wrong);
      await expectAnswer(guarded.url, operation, "too_many_requests", wrong);
    },
  );

  it("probeStream answers too_many_streams", async () => {
    const probes = Array.from({ length: 6 }, () => ask(proxy.url, "probeStream"));
    const answers = await Promise.all(probes);
    for (const answer of answers) expectDocumented("probeStream", answer);
    expect(answers.map(({ status }) => status)).toContain(429);
  });
});

describe("a platform that fails:", () => {
  const status =
    (code: number): NonNullable<Routes["reply"]> =>
    ({ response }) =>
      json(response, code, {});
  const hang = (): void => undefined;

  it.each<[operation: string, code: ErrorCode, routes: Routes]>([
    ["reply", "conversation_busy", { reply: status(409) }],
    ["reply", "platform_rejected_request", { reply: status(401) }],
    ["reply", "platform_unavailable", { reply: status(503) }],
    ["reply", "platform_timeout", { reply: status(504) }],
    ["reply", "send_outcome_unknown", { reply: ({ response }) => void response.destroy() }],
    [
      "reply",
      "platform_refused_conversation",
      { reply: ({ response }) => json(response, 202, { success: true, conversationId: "other" }) },
    ],
    ["listMessages", "platform_rejected_request", { messages: status(401) }],
    ["listMessages", "platform_unavailable", { messages: status(503) }],
    ["listMessages", "platform_timeout", { messages: hang }],
    ["listConversations", "platform_unavailable", { conversation: status(503) }],
    ["listConversations", "platform_timeout", { conversation: hang }],
    ["getStatus", "platform_rejected_request", { status: status(401) }],
    ["getStatus", "platform_unavailable", { status: status(503) }],
    ["getStatus", "platform_timeout", { status: hang }],
  ])("%s answers %s", async (operation, code, routes) => {
    const upstream = await startUpstream();
    const options: ChatProxyOptions = { platformTimeoutMs: 100, holdMs: 0 };
    const failing = await startProxy(upstream.url, {}, options);
    const one = await createVisitor(failing.url);
    const { body } = await one.reply("Hello");
    Object.assign(upstream.routes, routes);
    // One that does not know the conversation has to ask the platform.
    const other = operation === "reply" ? failing : await startProxy(upstream.url, {}, options);
    await expectAnswer(other.url, operation, code, {
      ...of(one, body.conversationId),
      query: operation === "listConversations" ? `?ids=${body.conversationId}` : "",
    });
  });

  it.each(withCode("service_unavailable"))(
    "%s answers service_unavailable while Redis is away",
    async (operation) => {
      const away = await startProxy(NOWHERE, { ...SECRETS, ...AWAY });
      const asked = operation === "lexWebhook" ? { headers: BEARER } : of(visitor, handle);
      await expectAnswer(away.url, operation, "service_unavailable", asked);
    },
  );
});

describe("the document", () => {
  it("promises no success and no refusal that the calls above have not seen", () => {
    expect(unseen(names)).toEqual([]);
  });
});
