/** A platform, a proxy and visitors over real sockets, all closed when the test file ends. */
import { pino } from "pino";
import { createPlatform, type PlatformOptions } from "../../demo/platform/index.ts";
import type { ChatProxyOptions } from "../../proxy/app.ts";
import type {
  Message,
  MessagesResponse,
  Problem,
  ReplyResponse,
  SessionResponse,
} from "../../proxy/protocol.ts";
import { startServer, type ProxyServer } from "../../proxy/server.ts";
import { closeLater } from "./close-later.ts";
import { openStream, type EventStream } from "./event-stream.ts";

export { closeLater } from "./close-later.ts";
export { isChunk, isIdle, tile } from "./event-stream.ts";

/** The page that chats, unless a test says otherwise. */
export const ORIGIN = "http://shop.example";
export const API_KEY = "lex2_integration_test_key";
export const CUSTOMER_KEY = "lxc_integration_test_key";
export const SESSION_SECRET = "session-secret-of-the-integration-tests";
const WAIT_MS = 30_000;

export type TestProxy = ProxyServer & {
  /** Every log line, at level debug. */
  log: Array<Record<string, unknown>>;
};

/** A proxy in front of `lexUrl`. `environment` adds to, or replaces, settings that work. */
export async function startProxy(
  lexUrl: string,
  environment: NodeJS.ProcessEnv = {},
  options: ChatProxyOptions = {},
): Promise<TestProxy> {
  const log: Array<Record<string, unknown>> = [];
  const write = (line: string): void => void log.push(JSON.parse(line) as Record<string, unknown>);
  const server = await startServer(
    { logger: pino({ level: "debug", base: null }, { write }), ...options },
    {
      PORT: "0",
      HOST: "127.0.0.1",
      LEX_URL: lexUrl,
      LEX_API_KEY: API_KEY,
      SESSION_SECRET,
      ALLOWED_ORIGINS: ORIGIN,
      // No test waits at its end for an answer that it did not read.
      DRAIN_SECONDS: "0",
      // High, so that only the tests of limits meet one.
      LIMIT_SESSIONS_PER_ADDRESS: "10000",
      LIMIT_MESSAGES_PER_ADDRESS: "10000",
      LIMIT_READS_PER_VISITOR: "10000",
      ...environment,
    },
  );
  closeLater(() => server.close());
  return { ...server, log };
}

/** The settings of a proxy that talks to Lexey at `url`. */
export const lexeyAt = (url: string): Record<string, string> => ({
  LEX_API_KEY: "",
  LEXEY_URL: url,
  LEXEY_CUSTOMER_KEY: CUSTOMER_KEY,
});

/** The local platform, fast unless told otherwise. */
export async function startPlatform(options: PlatformOptions = {}): Promise<{
  url: string;
  port: number;
  close: () => Promise<void>;
}> {
  const platform = await createPlatform({
    keys: [API_KEY],
    customerKeys: [CUSTOMER_KEY],
    thinkingMs: 20,
    tokensPerSecond: 2000,
    ...options,
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= platform.close());
  closeLater(close);
  return { ...platform, close };
}

/** Both, connected. */
export async function startChat(
  platform: PlatformOptions = {},
  environment: NodeJS.ProcessEnv = {},
  options: ChatProxyOptions = {},
): Promise<TestProxy> {
  const { url } = await startPlatform(platform);
  return startProxy(url, environment, options);
}

/** The same, where the platform is Lexey. */
export async function startLexeyChat(
  platform: PlatformOptions = {},
  environment: NodeJS.ProcessEnv = {},
  options: ChatProxyOptions = {},
): Promise<TestProxy> {
  const { url } = await startPlatform(platform);
  return startProxy(url, { ...lexeyAt(url), ...environment }, options);
}

/** For what has to be the same on both. */
export const PLATFORMS = [
  ["Lex", startChat],
  ["Lexey", startLexeyChat],
] as const;

export type Answer<Body = unknown> = { status: number; headers: Headers; text: string; body: Body };

export type CallOptions = {
  method?: string;
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown;
  /** Undefined takes a default header away. */
  headers?: Record<string, string | undefined>;
  /** Another way there: HTTP/2, or from another address. */
  fetch?: typeof fetch;
};

/** One request of a page at `ORIGIN`. `body` of the answer is undefined when it is no JSON. */
export async function call<Body = unknown>(
  url: string,
  options: CallOptions = {},
): Promise<Answer<Body>> {
  const { body, method = body === undefined ? "GET" : "POST", fetch = globalThis.fetch } = options;
  const headers = { Origin: ORIGIN, "Content-Type": "application/json", ...options.headers };
  const response = await fetch(url, {
    method,
    headers: Object.fromEntries(
      Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
    redirect: "manual",
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  const parsed = isJson ? (JSON.parse(text) as unknown) : undefined;
  return { status: response.status, headers: response.headers, text, body: parsed as Body };
}

export type Visitor = Awaited<ReturnType<typeof createVisitor>>;

export type VisitorOptions = {
  origin?: string;
  identity?: string;
  token?: string;
  /** As in `CallOptions`. */
  fetch?: typeof fetch;
};

/** A browser that chats: its token, and a call for each route. */
export async function createVisitor(proxyUrl: string, options: VisitorOptions = {}) {
  const { origin = ORIGIN, identity, fetch = globalThis.fetch } = options;
  const api = `${proxyUrl}/api`;
  const session = options.token
    ? { token: options.token, visitorId: "", expiresAt: "" }
    : (
        await call<SessionResponse>(`${api}/session`, {
          body: identity === undefined ? {} : { identity },
          headers: { Origin: origin },
          fetch,
        })
      ).body;
  const own = { Origin: origin, Authorization: `Bearer ${session.token}` };

  const request = <Body = Problem>(path: string, wanted: CallOptions = {}): Promise<Answer<Body>> =>
    call<Body>(`${api}/conversations${path}`, {
      fetch,
      ...wanted,
      headers: { ...own, ...wanted.headers },
    });

  const reply = (
    content: unknown,
    conversationId?: unknown,
    headers: CallOptions["headers"] = {},
  ): Promise<Answer<ReplyResponse>> =>
    request("/reply", { body: { content, conversationId }, headers });

  const messages = async (handle: string, query = ""): Promise<Message[]> =>
    (await request<MessagesResponse>(`/${handle}/messages${query}`)).body.messages;

  const stream = (handle: string, headers: CallOptions["headers"] = {}): Promise<EventStream> =>
    openStream(`${api}/conversations/${handle}/stream`, { ...own, ...headers }, fetch);

  return {
    ...session,
    request,
    reply,
    messages,
    stream,

    /** Sends and reads until the answer is complete. Throws what was refused. */
    async ask(content: string, conversationId?: string) {
      const { status, body } = await reply(content, conversationId);
      if (status !== 202) throw new Error(`the send was refused: ${JSON.stringify(body)}`);
      const events = await stream(body.conversationId);
      const answer = await events.answer(body.messageId);
      events.close();
      return { conversationId: body.conversationId, question: body.messageId, answer };
    },
  };
}

/** Asks again every few milliseconds until `look` gives something. */
export async function eventually<Result>(
  what: string,
  look: () => Result | undefined | Promise<Result | undefined>,
  waitMs = WAIT_MS,
): Promise<Result> {
  const deadline = Date.now() + waitMs;
  while (Date.now() < deadline) {
    const result = await look();
    if (result !== undefined) return result;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what}: waited in vain`);
}
