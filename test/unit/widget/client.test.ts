import type { IncomingMessage } from "node:http";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Saved, Store } from "../../../widget/store.ts";
import { createClient } from "../../../widget/transport/client.ts";
import { startServer } from "./http-server.ts";
import { memoryStore } from "./memory-store.ts";

type Call = {
  call: string;
  authorization: string | undefined;
  key: string | undefined;
  body: string;
};
type Answer = { status?: number; body?: unknown; headers?: Record<string, string> };

const NOW = Date.parse("2026-03-01T12:00:00Z");
const HOUR = 3600_000;
const sent = { success: true, messageId: "m1", conversationId: "h1" };

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}

/** A client of a server that answers as `answer` says; each session has the next token: t1, t2 … */
async function start(saved: Saved, answer: (call: Call, index: number) => Answer) {
  const calls: Call[] = [];
  let sessions = 0;
  const base = await startServer(async (request, response) => {
    const body = await readBody(request);
    const { authorization, "idempotency-key": key } = request.headers;
    const call = {
      call: `${request.method} ${request.url}`,
      authorization,
      key: key?.toString(),
      body,
    };
    calls.push(call);
    const isSession = request.url === "/api/session";
    const custom = answer(call, calls.length - 1);
    const { status = 200, headers = {} } = custom;
    const session = () => ({ token: `t${++sessions}`, expiresAt: "", visitorId: "a_1" });
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(JSON.stringify(custom.body ?? (isSession ? session() : sent)));
  });
  const store = memoryStore(saved);
  return { base, calls, store, client: createAlone(base, store) };
}

/** Of a browser without locks. */
function createAlone(proxy: string, store: Store) {
  vi.stubGlobal("navigator", {});
  onTestFinished(() => void vi.unstubAllGlobals());
  return createClient({ proxy, store, now: () => NOW });
}

const message = { content: "Hello", key: "key-00000001" };
const names = (calls: Call[]) => calls.map(({ call }) => call);

describe("the client", () => {
  it("asks on demand what no other call asks for: with a body it posts", async () => {
    const { calls, client } = await start({ token: "t", issuedAt: NOW }, () => ({}));
    await client.ask("api/conversations?ids=h1");
    await client.ask("api/conversations/h1/messages/m1/feedback", { rating: "up" });
    expect(calls).toMatchObject([
      { call: "GET /api/conversations?ids=h1", authorization: "Bearer t", body: "" },
      { call: "POST /api/conversations/h1/messages/m1/feedback", body: '{"rating":"up"}' },
    ]);
  });

  it("makes one visitor and one conversation of what two tabs send first, at once", async () => {
    const { calls, base, store } = await start({}, () => ({}));
    // A browser with locks.
    vi.unstubAllGlobals();
    const send = async (key: string) => {
      const client = createClient({ proxy: base, store, now: () => NOW });
      const { conversationId } = await client.send({ ...message, key });
      store.write({ conversation: conversationId });
    };
    await Promise.all([send("key-1"), send("key-2")]);
    expect(names(calls)).toEqual([
      "POST /api/session",
      "POST /api/conversations/reply",
      "POST /api/conversations/reply",
    ]);
    expect(calls.slice(1).map(({ body }) => JSON.parse(body).conversationId)).toEqual([
      undefined,
      "h1",
    ]);
  });

  it("opens one session for tabs whose token has expired, and which call at once", async () => {
    const { calls, base, store } = await start({ token: "bad", issuedAt: NOW }, (call) =>
      call.authorization === "Bearer bad" ? { status: 401, body: { code: "token_expired" } } : {},
    );
    // A browser with locks.
    vi.unstubAllGlobals();
    const ask = () => createClient({ proxy: base, store, now: () => NOW }).ask("api/conversations");
    await Promise.all([ask(), ask()]);
    expect(names(calls).filter((call) => call === "POST /api/session")).toHaveLength(1);
    expect(store.read().token).toBe("t1");
  });

  it("sends nothing for a visitor in whose place there is another by the time of its turn", async () => {
    const { calls, base, store } = await start({}, () => ({}));
    // A browser with locks, one of which another tab has.
    vi.unstubAllGlobals();
    const over = Promise.withResolvers<void>();
    void navigator.locks.request(`lex-chat:first:${base}`, () => over.promise);
    const scope = new AbortController();
    const sending = createClient({ proxy: base, store, scope: scope.signal }).send(message);
    scope.abort();
    over.resolve();
    await expect(sending).rejects.toMatchObject({ code: "network" });
    expect(calls).toEqual([]);
  });

  it("asks for a token before the first call, and keeps it", async () => {
    const { calls, client, store } = await start({}, () => ({}));
    await client.send(message);
    await client.stop("h1");
    expect(names(calls)).toEqual([
      "POST /api/session",
      "POST /api/conversations/reply",
      "POST /api/conversations/h1/stop",
    ]);
    expect(calls.map(({ authorization }) => authorization)).toEqual([
      undefined,
      "Bearer t1",
      "Bearer t1",
    ]);
    expect(store.read()).toEqual({ token: "t1", issuedAt: NOW });
  });

  it("opens sessions by what the site says of who is signed in, anew when the token has expired", async () => {
    const { calls, base, store } = await start({}, ({ authorization }) =>
      authorization === "Bearer t1" ? { status: 401, body: { code: "token_expired" } } : {},
    );
    const words = ["jwt-1", "jwt-2"];
    const client = createClient({
      proxy: base,
      store,
      open: (post) => post(words.shift() ?? ""),
      now: () => NOW,
    });
    await client.stop("h1").catch(() => undefined);
    await client.ask("api/conversations");
    const sessions = calls.filter(({ call }) => call === "POST /api/session");
    expect(sessions.map(({ body }) => body)).toEqual([
      '{"identity":"jwt-1"}',
      '{"identity":"jwt-2"}',
    ]);
    expect(calls.at(-1)?.authorization).toBe("Bearer t2");
  });

  it("asks once for calls that come together", async () => {
    const { calls, client } = await start({}, () => ({}));
    await Promise.all([client.send(message), client.ask("api/conversations")]);
    expect(names(calls).filter((call) => call === "POST /api/session")).toHaveLength(1);
  });

  it("sends the text and the handle in the body, the key in a header", async () => {
    const { calls, client } = await start({ token: "t", issuedAt: NOW }, () => ({}));
    await expect(client.send({ ...message, conversationId: "h1" })).resolves.toEqual(sent);
    expect(calls[0]).toMatchObject({ key: message.key });
    expect(JSON.parse(calls[0]?.body ?? "")).toEqual({ content: "Hello", conversationId: "h1" });
  });

  it("asks for the newest messages, or those before one", async () => {
    const { calls, client } = await start({ token: "t", issuedAt: NOW }, () => ({}));
    await client.messages("h.1");
    await client.messages("h.1", "m/1");
    expect(names(calls)).toEqual([
      "GET /api/conversations/h.1/messages?limit=30",
      "GET /api/conversations/h.1/messages?limit=30&before=m%2F1",
    ]);
  });

  it("sees whether the proxy answers by a call that changes nothing", async () => {
    const { calls, client } = await start({ token: "t", issuedAt: NOW }, () => ({}));
    await client.ask("api/conversations");
    expect(names(calls)).toEqual(["GET /api/conversations"]);
  });

  it("exchanges a token that is older than a day", async () => {
    const { calls, client, store } = await start(
      { token: "old", issuedAt: NOW - 25 * HOUR },
      () => ({}),
    );
    await client.stop("h1");
    expect(calls.map(({ authorization }) => authorization)).toEqual(["Bearer old", "Bearer t1"]);
    expect(store.read().token).toBe("t1");
  });

  it("goes on with the old token when the exchange fails", async () => {
    const { calls, client } = await start({ token: "old", issuedAt: 0 }, ({ call }) =>
      call === "POST /api/session" ? { status: 503, body: { code: "internal_error" } } : {},
    );
    await client.stop("h1");
    expect(calls.at(-1)?.authorization).toBe("Bearer old");
  });

  it.each(["token_expired", "token_invalid", "token_missing"])(
    "replaces a token that is refused as %s, once, and repeats the call",
    async (code) => {
      const { calls, client } = await start({ token: "bad", issuedAt: NOW }, ({ authorization }) =>
        authorization === "Bearer bad" ? { status: 401, body: { code, retryable: false } } : {},
      );
      await client.send(message);
      expect(names(calls)).toEqual([
        "POST /api/conversations/reply",
        "POST /api/session",
        "POST /api/conversations/reply",
      ]);
      expect(calls[1]?.authorization).toBeUndefined();
      expect(calls[2]).toMatchObject({ authorization: "Bearer t1", key: message.key });
    },
  );

  it("gives up when the new token is refused too", async () => {
    const { calls, client } = await start({}, ({ call }) =>
      call === "POST /api/session" ? {} : { status: 401, body: { code: "token_invalid" } },
    );
    await expect(client.ask("api/conversations")).rejects.toMatchObject({ code: "token_invalid" });
    expect(calls).toHaveLength(4);
  });

  it("makes no new visitor for a conversation whose token was deleted meanwhile", async () => {
    const { calls, client } = await start({}, () => ({}));
    const gone = { code: "conversation_not_found", retryable: false };
    await expect(client.stop("h1")).rejects.toMatchObject(gone);
    await expect(client.messages("h1")).rejects.toMatchObject(gone);
    expect(calls).toEqual([]);
  });

  it("takes the token that another tab has got in the meantime", async () => {
    const { calls, client, store } = await start(
      { token: "bad", issuedAt: NOW },
      ({ authorization }) => {
        if (authorization !== "Bearer bad") return {};
        store.write({ token: "other", issuedAt: NOW });
        return { status: 401, body: { code: "token_expired" } };
      },
    );
    await client.stop("h1");
    expect(calls.map(({ authorization }) => authorization)).toEqual(["Bearer bad", "Bearer other"]);
  });

  it.each([
    [
      "a problem",
      { status: 409, body: { code: "conversation_busy", detail: "Wait.", retryable: true } },
      { code: "conversation_busy", message: "Wait.", retryable: true, retryAfter: undefined },
    ],
    [
      "a limit",
      {
        status: 429,
        body: { code: "conversation_full", detail: "Full.", retryable: false },
        headers: { "Retry-After": "3" },
      },
      { code: "conversation_full", retryable: false, retryAfter: 3000 },
    ],
  ])("rejects with a typed error for %s", async (_, answer, error) => {
    const { client, calls } = await start({ token: "t", issuedAt: NOW }, () => answer);
    await expect(client.send(message)).rejects.toMatchObject({ name: "ChatError", ...error });
    expect(calls).toHaveLength(1);
  });

  it.each([
    ["a gateway's own page", { status: 502, body: "<h1>Bad gateway</h1>" }],
    ["an ingress's, while the proxy is replaced", { status: 404, body: "<h1>Not found</h1>" }],
  ])("knows nothing of a send that is answered by %s, but may ask again", async (_, answer) => {
    const { client } = await start({ token: "t", issuedAt: NOW }, () => answer);
    const sending = client.send(message);
    await expect(sending).rejects.toMatchObject({
      code: "send_outcome_unknown",
      retryable: false,
    });
    await expect(client.ask("api/conversations")).rejects.toMatchObject({
      code: "network",
      retryable: true,
    });
  });

  it("knows nothing of a send that nobody answers, and does not send again", async () => {
    const calls: unknown[] = [];
    const base = await startServer((request, response) => {
      calls.push(request.url);
      request.resume().on("end", () => response.destroy());
    });
    const store = memoryStore({ token: "t", issuedAt: NOW });
    const client = createAlone(base, store);
    const sending = client.send(message);
    await expect(sending).rejects.toMatchObject({
      code: "send_outcome_unknown",
      retryable: false,
    });
    expect(calls).toEqual(["/api/conversations/reply"]);
  });

  it("has not sent what it got no token for", async () => {
    const client = createAlone("http://127.0.0.1:1/", memoryStore());
    await expect(client.send(message)).rejects.toMatchObject({ code: "network" });
  });

  it("follows with the token in a header and the last event in another", async () => {
    const ids: unknown[] = [];
    const base = await startServer((request, response) => {
      ids.push([request.url, request.headers.authorization, request.headers["last-event-id"]]);
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.end(`retry: 1\n\nid: e-1\nevent: conversation:state\ndata: {"state":"idle"}\n\n`);
    });
    const client = createAlone(base, memoryStore({ token: "t", issuedAt: NOW }));
    const scope = new AbortController();
    const onConnection = () => {
      if (ids.length === 2) scope.abort();
    };
    await client.follow("h1", { onEvent: () => undefined, onConnection }, scope.signal);
    const url = "/api/conversations/h1/stream";
    expect(ids).toEqual([
      [url, "Bearer t", undefined],
      [url, "Bearer t", "e-1"],
    ]);
  });
});
