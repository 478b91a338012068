/** Lexey's management API for the owner: calls pass unchanged, but for the key. */
import type {
  ClientRequest,
  IncomingHttpHeaders,
  IncomingMessage,
  ServerResponse,
} from "node:http";
import { createProxyMiddleware, proxyEventsPlugin } from "http-proxy-middleware";
import { ProxyError } from "../errors.ts";
import type { ErrorCode } from "../protocol.ts";
import { currentRequestId } from "../request-id.ts";
import { PlatformError } from "./platform.ts";

/** Milliseconds until the platform has to have answered with headers. */
const TIMEOUT_MS = 15_000;
/** The longest silence within an answer, in milliseconds. The document knows no heartbeats. */
const IDLE_MS = 120_000;
/** What an answer brings along; every other header of the platform stays here. */
const PASSED = ["content-type", "content-length", "content-encoding", "retry-after"] as const;

export type ManagementOptions = { baseUrl: string; apiKey: string; timeoutMs?: number };

/** A call: its `url` is the path below `/api/v1/management`, checked by the caller. */
export type ManagementCall = { request: IncomingMessage; response: ServerResponse; body: Buffer };

export type Management = {
  /**
   * Resolves when the answer has ended, on either side; rejects with a `ProxyError` when there is none
   * that could be passed on. Answers stream: nothing of them is kept.
   */
  forward: (call: ManagementCall) => Promise<void>;
  /** Cuts what is under way. */
  close: () => void;
};

type Exchange = { body: Buffer; reject: (error: Error) => void; stopWaiting: () => void };

/**
 * The platform's refusal of the key, its redirects and its failures become the proxy's own errors: their
 * words could repeat the key, and a 401 would be taken for the owner's token.
 */
export function createManagement(options: ManagementOptions): Management {
  const { baseUrl, apiKey, timeoutMs = TIMEOUT_MS } = options;
  const exchanges = new Map<ServerResponse, Exchange>();

  function send(outgoing: ClientRequest, response: ServerResponse): void {
    const exchange = exchanges.get(response);
    if (!exchange) return void outgoing.destroy();
    const timer = setTimeout(() => {
      exchange.reject(refusal("platform_timeout", "Lexey took too long to answer"));
      outgoing.destroy();
    }, timeoutMs);
    exchange.stopWaiting = () => clearTimeout(timer);
    if (exchange.body.length > 0) outgoing.write(exchange.body);
  }

  function receive(incoming: IncomingMessage, response: ServerResponse): void {
    const exchange = exchanges.get(response);
    exchange?.stopWaiting();
    const status = incoming.statusCode ?? 0;
    const failure = failureOf(status, incoming.headers["content-type"]);
    // What it says is never read: it is dropped when the refusal has been sent.
    if (failure) return exchange?.reject(failure);
    incoming.setTimeout(IDLE_MS, () => incoming.destroy());
    response.statusCode = status;
    for (const name of PASSED) {
      const value = incoming.headers[name];
      if (value !== undefined) response.setHeader(name, value);
    }
    response.flushHeaders();
    // httpxy ends either side when the other breaks.
    incoming.pipe(response);
  }

  const proxy = createProxyMiddleware({
    target: `${baseUrl}/api/v1/management`,
    changeOrigin: true,
    // A connection for each call: the platform may close a kept one in the moment it is used again.
    agent: false,
    selfHandleResponse: true,
    // Without the others, which answer errors with the path, and print on the console.
    ejectPlugins: true,
    plugins: [proxyEventsPlugin],
    on: {
      proxyReq: (outgoing, _request, response) => send(outgoing, response),
      proxyRes: (incoming, _request, response) => receive(incoming, response),
      error: (error, _request, response) =>
        exchanges
          .get(response as ServerResponse)
          ?.reject(refusal("platform_unavailable", "Lexey cannot be reached", codeOf(error))),
    },
  });

  return {
    async forward({ request, response, body }) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const exchange: Exchange = { body, reject, stopWaiting: () => undefined };
      exchanges.set(response, exchange);
      response.once("close", resolve);
      // Before the proxy copies them: one with Expect would send them before they could be changed.
      request.headers = headersOf(request, body, apiKey);
      try {
        await Promise.all([proxy(request, response), promise]);
      } finally {
        exchange.stopWaiting();
        exchanges.delete(response);
      }
    },

    close() {
      for (const response of exchanges.keys()) response.destroy();
    },
  };
}

/** Built from nothing: no cookie, address or token of the owner's request is ever passed on. */
function headersOf(request: IncomingMessage, body: Buffer, apiKey: string): IncomingHttpHeaders {
  const { accept, "content-type": type } = request.headers;
  const requestId = currentRequestId();
  return {
    authorization: `Bearer ${apiKey}`,
    accept: accept ?? "*/*",
    "accept-encoding": "identity",
    "user-agent": "lex-chat",
    ...(requestId !== undefined && { "x-request-id": requestId }),
    ...(body.length > 0 && { "content-type": type, "content-length": String(body.length) }),
  };
}

/** Null: the answer passes as it is. */
function failureOf(status: number, type: string | undefined): ProxyError | null {
  const answered = `Lexey answered ${status}`;
  if (status === 401 || status === 403)
    return refusal("platform_rejected_request", `${answered}: check LEXEY_MANAGEMENT_KEY`);
  if (status >= 300 && status < 400)
    return refusal("platform_rejected_request", `${answered}: check LEXEY_URL`);
  if (status === 504) return refusal("platform_timeout", answered);
  if (status >= 500) return refusal("platform_unavailable", answered);
  if (status === 204 || /^(application\/json|text\/event-stream)\b/i.test(type ?? "")) return null;
  return refusal("platform_unavailable", `${answered}, and no JSON: check LEXEY_URL`);
}

const refusal = (code: ErrorCode, detail: string, cause = detail): ProxyError =>
  new ProxyError(code, { detail, cause: new PlatformError("unavailable", `management: ${cause}`) });

const codeOf = (error: Error): string =>
  `failed (${(error as NodeJS.ErrnoException).code ?? "no code"})`;
