/** HTTP to a platform: connections, key, timeout, caps. Only `lexey-management.ts` touches a key besides. */
import { randomUUID } from "node:crypto";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { currentRequestId } from "../request-id.ts";
import { openEventStream, type EventStream } from "./event-stream.ts";
import { failureOfConnection, failureOfContent, failureOfStatus } from "./failures.ts";
import { PlatformError } from "./platform.ts";

/** Milliseconds until the platform has to have answered with headers. */
const TIMEOUT_MS = 15_000;
/** A JSON answer larger than this is refused before it is parsed. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** Kept longer, a connection may be closed by the platform in the moment it is used again. */
const IDLE_CONNECTION_MS = 4000;

export type PlatformRequest = {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Each segment is escaped, so an id can't leave its place in the path. */
  path: readonly string[];
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  signal?: AbortSignal;
  /** What a JSON answer over 8 MB means. Defaults to `invalid`. */
  tooLong?: "full";
};

export type PlatformClient = {
  /** The parsed JSON of a 2xx answer. */
  json: (request: PlatformRequest) => Promise<unknown>;
  /** A 2xx event stream, to be read. `signal` ends it at any time. */
  stream: (request: PlatformRequest) => Promise<PlatformStream>;
};

export type PlatformStream = Pick<EventStream, "read" | "destroy">;

export type PlatformClientOptions = {
  baseUrl: string;
  apiKey: string;
  timeoutMs?: number;
};

/**
 * Every call rejects with a `PlatformError` that holds neither the key nor the platform's words. No
 * redirect is followed: the key would go to a host that the owner did not name.
 */
export function createPlatformClient(options: PlatformClientOptions): PlatformClient {
  const { baseUrl, apiKey, timeoutMs = TIMEOUT_MS } = options;
  const transport = baseUrl.startsWith("https:") ? https : http;
  const agent = new transport.Agent({ keepAlive: true, timeout: IDLE_CONNECTION_MS });

  /** Built from nothing: no header of the visitor's request is ever passed on. */
  const toHeaders = ({ body }: PlatformRequest, accept: string): Record<string, string> => ({
    authorization: `Bearer ${apiKey}`,
    accept,
    "accept-encoding": "identity",
    "user-agent": "lex-chat",
    "x-request-id": currentRequestId() ?? randomUUID(),
    ...(body !== undefined && { "content-type": "application/json" }),
  });

  /** What has to come in time, or a `PlatformError`. */
  async function awaitHead<Head>(
    request: PlatformRequest,
    head: Promise<Head>,
    work: Destroyable,
  ): Promise<Head> {
    const deadline = startDeadline(work, timeoutMs);
    try {
      return await head;
    } catch (error) {
      if (request.signal?.aborted) throw error;
      throw failureOfConnection(request, error, deadline.isOver());
    } finally {
      deadline.clear();
    }
  }

  /** Resolves with the headers of a 2xx answer. */
  async function call(request: PlatformRequest): Promise<IncomingMessage> {
    const { method, body, signal } = request;
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const headers = toHeaders(request, "application/json");
    const options = { method, agent, headers, ...(signal && { signal }) };
    const outgoing = transport.request(toUrl(baseUrl, request), options);
    outgoing.on("response", resolve).on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    const response = await awaitHead(request, promise, outgoing);
    // Whoever reads it is told; this is for what breaks while nobody does.
    response.on("error", () => undefined);
    const status = response.statusCode ?? 0;
    if (isSuccess(status)) return response;
    response.destroy();
    throw failureOfStatus(request, { status, retryAfter: response.headers["retry-after"] });
  }

  async function readJson(request: PlatformRequest, response: IncomingMessage): Promise<unknown> {
    const { statusCode: status = 0 } = response;
    const deadline = startDeadline(response, timeoutMs);
    const bytes: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        bytes.push(chunk);
        size += chunk.length;
        // Leaving the loop destroys the answer.
        if (size > MAX_BODY_BYTES) break;
      }
    } catch (error) {
      throw failureOfConnection(request, error, deadline.isOver());
    } finally {
      deadline.clear();
    }
    try {
      if (size <= MAX_BODY_BYTES) return JSON.parse(Buffer.concat(bytes).toString()) as unknown;
    } catch {
      throw failureOfContent(request, "invalid", { status, problem: "the answer is not JSON" });
    }
    const problem = `the answer is over ${MAX_BODY_BYTES} bytes`;
    throw failureOfContent(request, request.tooLong ?? "invalid", { status, problem });
  }

  return {
    json: async (request) => readJson(request, await call(request)),

    async stream(request) {
      const { method, body, signal } = request;
      signal?.throwIfAborted();
      const opening = openEventStream({
        method,
        url: toUrl(baseUrl, request),
        headers: toHeaders(request, "text/event-stream"),
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      });
      const stream = await awaitHead(request, opening.opened, opening);
      const { status, headers } = stream;
      const isStream = /^text\/event-stream\b/i.test(headers.get("content-type") ?? "");
      if (isSuccess(status) && isStream) return stream;
      stream.destroy();
      if (!isSuccess(status))
        throw failureOfStatus(request, { status, retryAfter: headers.get("retry-after") });
      throw failureOfContent(request, "not-a-stream", { status, problem: "not an event stream" });
    },
  };
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

function toUrl(baseUrl: string, request: PlatformRequest): URL {
  // Escaped or not, these two are steps in the path and no names (https://url.spec.whatwg.org/#double-dot-path-segment).
  if (request.path.some((segment) => segment === "." || segment === ".."))
    throw new PlatformError("not-found", "an id of the platform can't be . or ..");
  const url = new URL(`${baseUrl}/${request.path.map(encodeURIComponent).join("/")}`);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

type Destroyable = { destroy: (error?: Error) => unknown };

/** Destroys what takes longer. */
function startDeadline(work: Destroyable, timeoutMs: number) {
  let over = false;
  const timer = setTimeout(() => {
    over = true;
    work.destroy(new Error("timed out"));
  }, timeoutMs);
  return { isOver: (): boolean => over, clear: (): void => clearTimeout(timer) };
}
