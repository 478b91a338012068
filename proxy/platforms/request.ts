/** HTTP to a platform: fetch, key, timeout, caps. The only file that touches a key. */
import { randomUUID } from "node:crypto";
import { currentRequestId } from "../request-id.ts";
import { PlatformError, type PlatformFailure } from "./platform.ts";

/** Milliseconds until the platform has to have answered with headers. */
const TIMEOUT_MS = 15_000;
/** A JSON answer larger than this is refused before it is parsed. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

export type PlatformRequest = {
  method: "GET" | "POST";
  /** Each segment is escaped, so an id can't leave its place in the path. */
  path: readonly string[];
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  accept?: string;
  signal?: AbortSignal;
};

export type PlatformClient = {
  /** The parsed JSON of a 2xx answer. */
  json: (request: PlatformRequest) => Promise<unknown>;
  /** The body of a 2xx event stream. */
  stream: (request: PlatformRequest) => Promise<ReadableStream<Uint8Array>>;
};

export type PlatformClientOptions = {
  baseUrl: string;
  apiKey: string;
  fetch?: typeof fetch;
  timeoutMs?: number;
};

/** Every call rejects with a `PlatformError` that holds neither the key nor the platform's words. */
export function createPlatformClient(options: PlatformClientOptions): PlatformClient {
  const { baseUrl, apiKey, fetch: fetchIt = fetch, timeoutMs = TIMEOUT_MS } = options;

  async function call(request: PlatformRequest): Promise<Response> {
    const where = `${request.method} /${request.path.join("/")}`;
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    const signal = AbortSignal.any([timeout.signal, ...(request.signal ? [request.signal] : [])]);
    try {
      const response = await fetchIt(toUrl(baseUrl, request), {
        method: request.method,
        // Built from nothing: no header of the visitor's request is ever passed on.
        headers: {
          authorization: `Bearer ${apiKey}`,
          accept: request.accept ?? "application/json",
          "x-request-id": currentRequestId() ?? randomUUID(),
          ...(request.body !== undefined && { "content-type": "application/json" }),
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        // Followed, a redirect would carry the key to a host that the owner did not name.
        redirect: "manual",
        signal,
      });
      if (response.ok) return response;
      await response.body?.cancel().catch(() => undefined);
      throw failureOf(response, where);
    } catch (error) {
      if (error instanceof PlatformError) throw error;
      if (request.signal?.aborted) throw error;
      throw connectionFailure(error, {
        where,
        timedOut: timeout.signal.aborted,
        method: request.method,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async json(request) {
      const where = `${request.method} /${request.path.join("/")}`;
      const response = await call(request);
      const timeout = AbortSignal.timeout(timeoutMs);
      const text = await readText(response, timeout).catch((error: unknown) => {
        if (error instanceof PlatformError) throw error;
        const { method } = request;
        throw connectionFailure(error, { where, timedOut: timeout.aborted, method });
      });
      try {
        return JSON.parse(text) as unknown;
      } catch {
        throw new PlatformError("invalid", `${where}: the answer is not JSON`, {
          status: response.status,
        });
      }
    },

    async stream(request) {
      const response = await call({ ...request, accept: "text/event-stream" });
      const type = response.headers.get("content-type") ?? "nothing";
      if (response.body && /^text\/event-stream\b/i.test(type)) return response.body;
      await response.body?.cancel().catch(() => undefined);
      throw new PlatformError(
        "not-a-stream",
        `GET /${request.path.join("/")}: not an event stream`,
        {
          status: response.status,
        },
      );
    },
  };
}

function toUrl(baseUrl: string, request: PlatformRequest): string {
  // Escaped or not, these two are steps in the path and no names (https://url.spec.whatwg.org/#double-dot-path-segment).
  if (request.path.some((segment) => segment === "." || segment === ".."))
    throw new PlatformError("not-found", "an id of the platform can't be . or ..");
  const url = new URL(`${baseUrl}/${request.path.map(encodeURIComponent).join("/")}`);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}

function failureOf(response: Response, where: string): PlatformError {
  const { status } = response;
  const seconds = Number(response.headers.get("retry-after"));
  const retryAfter =
    Number.isFinite(seconds) && seconds > 0 ? { retryAfter: Math.min(seconds, 3600) } : {};
  const failures: Record<number, PlatformFailure> = {
    404: "not-found",
    408: "timeout",
    409: "busy",
    429: "unavailable",
    504: "timeout",
  };
  const failure = failures[status] ?? (status >= 500 ? "unavailable" : "refused");
  return new PlatformError(failure, `${where}: the platform answered ${status}`, {
    status,
    ...retryAfter,
  });
}

// These mean that no byte of the request reached the platform, so it can't have acted on it.
const NOT_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function connectionFailure(
  error: unknown,
  request: { where: string; timedOut: boolean; method: string },
): PlatformError {
  const code = codeOf(error);
  const why = request.timedOut ? "timed out" : `failed (${code})`;
  if (!request.timedOut && NOT_SENT.has(code))
    return new PlatformError("unavailable", `${request.where}: ${why}`);
  if (request.method !== "GET") return new PlatformError("unknown", `${request.where}: ${why}`);
  return new PlatformError(
    request.timedOut ? "timeout" : "unavailable",
    `${request.where}: ${why}`,
  );
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause;
  const code = (inner as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : "no code";
}

async function readText(response: Response, signal: AbortSignal): Promise<string> {
  if (!response.body) return "";
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  signal.addEventListener("abort", () => void reader.cancel().catch(() => undefined), {
    once: true,
  });
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    // Cancelled, a body ends like a whole one.
    signal.throwIfAborted();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MAX_BODY_BYTES) {
      await reader.cancel();
      throw new PlatformError("invalid", `the platform's answer is over ${MAX_BODY_BYTES} bytes`);
    }
    text += decoder.decode(value, { stream: true });
  }
}
