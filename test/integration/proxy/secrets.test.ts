import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { COMPILE_CACHE } from "../../support/compile-cache.ts";
import {
  call,
  closeLater,
  createVisitor,
  eventually,
  ORIGIN,
  startProxy,
  type CallOptions,
} from "../../support/proxy.ts";
import { json, startUpstream, type Handler, type Upstream } from "./upstream.ts";

// With characters that URL, base64 and JSON encodings change.
const OWNERS = {
  LEX_API_KEY: 'lex2_kE7/y+W0="<&>key-of-the-platform',
  SESSION_SECRET: "sE5/s+I0='<&>secret-of-the-sessions",
  ADMIN_TOKEN: "aD7/m+I2=~secret-of-the-administrator",
  WEBHOOK_SECRET: 'wE8/b+H0="<&>secret-of-the-webhooks',
  IDENTITY_SECRET: 'iD3/n+T1="<&>secret-of-the-identities',
};

/** What the platform knows and no visitor may: each where it would slip through. */
const PLATFORMS = {
  toolInput: "planted: the input of a tool",
  toolResult: "planted: the result of a tool",
  toolField: "planted: another field of a tool",
  messageField: "planted: another field of a message",
  eventField: "planted: another field of an event",
  unknownEvent: "planted: an event that is not documented",
  comment: "planted: a comment in the stream",
  eventId: "planted-an-id-of-the-platforms-stream",
  systemMessage: "planted: a message of the system role",
  toolMessage: "planted: a message of the tool role",
  metadata: "planted: metadata of a conversation",
  replyField: "planted: another field of the 202",
  statusField: "planted: another field of the status",
  errorBody: "planted: the body of an error",
  header: "planted-a-header-of-the-platform",
};

const planted = { secret: PLATFORMS.messageField, cost: { tokens: PLATFORMS.messageField } };

/** All of what was planted, in every answer. */
function startTalkativeUpstream(): Promise<Upstream> {
  const answer = (response: Parameters<typeof json>[0], status: number, body: unknown): void => {
    response.setHeader("X-Internal", PLATFORMS.header);
    response.setHeader("Set-Cookie", `a=${PLATFORMS.header}`);
    json(response, status, body);
  };
  return startUpstream({
    reply: ({ response, body }, upstream) => {
      const { content, conversationId } = JSON.parse(body) as Record<string, string>;
      const { id } = upstream.add("user", content ?? "");
      answer(response, 202, { messageId: id, conversationId, account: PLATFORMS.replyField });
    },
    stream: (exchange, upstream) => {
      exchange.response.setHeader("X-Internal", PLATFORMS.header);
      upstream.standard.stream(exchange, upstream);
      upstream.write(`: ${PLATFORMS.comment}\n\n`);
    },
    messages: ({ response }, { messages }) =>
      answer(response, 200, {
        messages: [
          { id: "s", role: "system", content: PLATFORMS.systemMessage, created_at: "" },
          { id: "t", role: "tool", content: PLATFORMS.toolMessage, created_at: "" },
          ...messages.map((message) => ({ ...message, ...planted })),
        ],
        hasMore: false,
        internal: PLATFORMS.metadata,
      }),
    status: ({ response }, { state }) =>
      answer(response, 200, { active: state !== "idle", state, worker: PLATFORMS.statusField }),
    conversation: ({ response }, { messages }) =>
      answer(response, 200, {
        title: "T",
        owner: PLATFORMS.metadata,
        messages: messages.map((message) => ({ ...message, ...planted })),
      }),
  });
}

/** The ways in which the platform fails, each with what it should keep to itself. */
const FAILURES: Array<[name: string, handler: Handler]> = [
  ...[301, 400, 401, 403, 404, 409, 418, 429, 500, 503].map((status): [string, Handler] => [
    `answers ${status}`,
    ({ request, response }) => {
      response.setHeader("Location", `http://127.0.0.1:9/${PLATFORMS.header}`);
      response.setHeader("WWW-Authenticate", PLATFORMS.header);
      // An unhandled error page that repeats the request, key included.
      json(response, status, { error: PLATFORMS.errorBody, headers: request.headers });
    },
  ]),
  ["does not answer", () => undefined],
  ["resets", ({ response }) => void response.destroy()],
  ["answers no HTTP", ({ response }) => void response.socket?.end(PLATFORMS.errorBody)],
  ["answers HTML", ({ response }) => void response.end(`<h1>${PLATFORMS.errorBody}</h1>`)],
  [
    "breaks off",
    ({ response }) => {
      response.writeHead(200, { "Content-Length": "9999" }).write(PLATFORMS.errorBody);
      setTimeout(() => response.destroy(), 5);
    },
  ],
];

it("lets no secret out, in no body, header, event or log line, whatever the platform does", async () => {
  const output: string[] = [];
  const upstream = await startTalkativeUpstream();
  const environment = { ...OWNERS, COALESCE_MS: "0" };
  const options = { platformTimeoutMs: 200, holdMs: 100 };
  const proxy = await startProxy(upstream.url, environment, options);
  const write = vi.spyOn(process.stdout, "write");
  const visitor = await createVisitor(proxy.url);

  const keep = async (path: string, wanted: CallOptions = {}): Promise<string> => {
    const answer = await visitor.request(path, wanted);
    output.push(JSON.stringify([...answer.headers]), answer.text);
    return answer.text;
  };
  const reply = (conversationId?: string): Promise<string> =>
    keep("/reply", { body: { content: "What does shipping cost?", conversationId } });

  const { conversationId: handle } = JSON.parse(await reply()) as { conversationId: string };
  const stream = await visitor.stream(handle);
  await stream.snapshot();
  await tellEverything(upstream);
  await stream.until("the end", ({ event }) => event === "message:complete");
  const readAll = async (): Promise<void> => {
    await keep(`?ids=${handle}`);
    await keep(`/${handle}/messages`);
    await keep(`/${handle}/messages?since=message-1`);
    await keep(`/${handle}/status`);
    await keep(`/${handle}/stop`, { method: "POST" });
    await keep(`/${handle}/messages/message-2/feedback`, { body: { rating: "up" } });
  };
  await readAll();
  expect(stream.all("message:tool_result")).toHaveLength(1);

  const standard = { ...upstream.routes };
  for (const [, failure] of FAILURES) {
    for (const name of ["reply", "stream", "messages", "status", "conversation"] as const) {
      upstream.routes[name] = failure;
    }
    upstream.cutStreams();
    await reply(handle);
    await readAll();
    const viewer = await visitor.stream(handle);
    await viewer.ended();
    output.push(viewer.raw(), JSON.stringify([...viewer.headers]));
    Object.assign(upstream.routes, standard);
  }
  upstream.close();
  await reply();
  for (const path of [
    "/healthz",
    "/readyz",
    "/metrics",
    "/widget.js",
    "/assets/x.js",
    "/nothing",
  ]) {
    const answer = await call(`${proxy.url}${path}`);
    output.push(JSON.stringify([...answer.headers]), answer.text);
  }
  const metrics = await call(`${proxy.url}/metrics`, {
    headers: { Authorization: `Bearer ${OWNERS.ADMIN_TOKEN}` },
  });
  const webhook = await call(`${proxy.url}/webhooks/lex`, {
    headers: { "X-Webhook-Secret": OWNERS.WEBHOOK_SECRET },
    body: { conversationId: 1 },
  });
  output.push(metrics.text, webhook.text, stream.raw(), JSON.stringify([...stream.headers]));
  output.push(...proxy.log.map((line) => JSON.stringify(line)));
  output.push(...write.mock.calls.map(([text]) => String(text)));
  write.mockRestore();

  const everything = output.join("\n");
  // It is the real output that is searched: what may be seen is in it.
  for (const visible of [
    "€4.90",
    "search_articles",
    "the platform answered 401",
    "platform_timeout",
  ]) {
    expect(everything.includes(visible), visible).toBe(true);
  }
  for (const [name, secret] of Object.entries({ ...OWNERS, ...PLATFORMS })) {
    expect(
      spellings(secret).filter((spelling) => everything.includes(spelling)),
      name,
    ).toEqual([]);
  }
}, 60_000);

/** An answer with everything planted, in the framing that Lex's document suggests. */
async function tellEverything(upstream: Upstream): Promise<void> {
  const { toolInput, toolResult, toolField, eventField, unknownEvent, eventId } = PLATFORMS;
  upstream.state = "responding";
  upstream.write(`id: ${eventId}\n`);
  upstream.emit("conversation:state", { state: "responding", worker: eventField });
  upstream.emit("message:tool_use", {
    id: "tool-1",
    name: "search_articles",
    input: { query: toolInput },
    trace: toolField,
  });
  upstream.emit("message:tool_result", {
    id: "tool-1",
    result: toolResult,
    error: null,
    stack: toolField,
  });
  upstream.emit("billing:update", { cost: unknownEvent });
  upstream.emit("message:new", { id: "s", role: "system", content: PLATFORMS.systemMessage });
  upstream.emit("message:new", { id: "t", role: "tool", content: PLATFORMS.toolMessage });
  upstream.emit("message:chunk", { messageId: "message-2", text: "It is €4.90.", ...planted });
  const message = upstream.add("assistant", "It is €4.90.");
  upstream.emit("message:complete", { ...message, ...planted, usage: eventField });
  upstream.state = "idle";
  upstream.emit("conversation:state", { state: "idle" });
}

/** What callers send wrongly, or where it does not belong. */
const CALLERS = {
  text: "planted: what a visitor wrote",
  query: "planted-token-in-a-query",
  path: "planted-token-in-a-path",
  requestId: "planted id of a request",
  cookie: "planted-cookie",
  forwarded: "planted-forwarded-for",
  adminToken: "planted-wrong-token-of-the-administrator",
  webhookSecret: "planted-wrong-secret-of-the-webhooks",
  visitorToken: "planted-wrong-token-of-a-visitor",
  identity: "eyJhbGciOiJIUzI1NiJ9.planted-identity.planted-signature",
  redisPassword: "planted-password-of-redis",
};

it.each([
  ["alone", {}],
  ["with a Redis that is away", { REDIS_URL: `redis://:${CALLERS.redisPassword}@127.0.0.1:1` }],
])("a proxy %s logs nothing that a caller sends, and no password", async (_name, environment) => {
  const upstream = await startTalkativeUpstream();
  const { port, output, stop } = await serve({
    ...OWNERS,
    LEX_URL: upstream.url,
    LOG_LEVEL: "debug",
    // The answer that is asked for never comes.
    DRAIN_SECONDS: "0",
    ...environment,
  });
  const url = `http://127.0.0.1:${port}`;
  const visitor = await createVisitor(url);
  const headers = {
    "X-Request-Id": CALLERS.requestId,
    Cookie: `session=${CALLERS.cookie}`,
    "X-Forwarded-For": CALLERS.forwarded,
  };
  const body = { content: CALLERS.text };
  await visitor.request(`/reply?token=${CALLERS.query}`, { body, headers });
  await visitor.request(`/${CALLERS.path}/stream?token=${CALLERS.query}`, { headers });
  await call(`${url}/${CALLERS.path}?token=${CALLERS.query}`, { headers });
  await call(`${url}/api/session`, { body: { identity: CALLERS.identity } });
  const bearer = (token: string): CallOptions => ({
    headers: { Authorization: `Bearer ${token}` },
  });
  await call(`${url}/metrics`, bearer(CALLERS.adminToken));
  await call(`${url}/api/conversations`, bearer(CALLERS.visitorToken));
  const wrong = { headers: { "X-Webhook-Secret": CALLERS.webhookSecret }, body: {} };
  await call(`${url}/webhooks/lex`, wrong);
  await eventually("every line", () => (output().includes('"/webhooks/lex"') ? true : undefined));
  await stop();

  for (const visible of [
    '"msg":"request"',
    "X-Forwarded-For",
    '"route":"/api/conversations/:id/stream"',
  ])
    expect(output()).toContain(visible);
  for (const [name, secret] of Object.entries({ ...OWNERS, ...CALLERS, token: visitor.token })) {
    const found = spellings(secret).filter((spelling) => output().includes(spelling));
    expect(found, name).toEqual([]);
  }
});

/** `lex-chat serve` as a process, which writes its own log. */
async function serve(environment: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, ["proxy/cli.ts", "serve"], {
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
    env: {
      ...COMPILE_CACHE,
      PORT: "0",
      HOST: "127.0.0.1",
      ALLOWED_ORIGINS: ORIGIN,
      ...environment,
    },
  });
  closeLater(() => child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const port = await eventually(
    "the address",
    () => /listens on http:\/\/[\w.]+:(\d+)/.exec(output)?.[1],
  );
  const exited = once(child, "close");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await exited;
  };
  return { port, output: () => output, stop };
}

/** The ways in which a secret could be written: as it is, escaped, in hex, in base64 at any offset. */
function spellings(secret: string): string[] {
  const inBase64 = ["", "x", "xx"].flatMap((before) =>
    (["base64", "base64url"] as const).map((encoding) =>
      // The first and last characters depend on the neighbours.
      Buffer.from(before + secret)
        .toString(encoding)
        .slice(4, -4),
    ),
  );
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    encodeURIComponent(secret),
    encodeURI(secret),
    Buffer.from(secret).toString("hex"),
    ...inBase64,
  ];
}
