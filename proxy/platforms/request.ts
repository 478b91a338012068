/** HTTP to a platform: connections, key, timeout, caps. Only `lexey-management.ts` touches a key besides. */
import { randomUUID } from "node:crypto";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { Readable } from "node:stream";
import { currentRequestId } from "../request-id.ts";
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
  accept?: string;
  signal?: AbortSignal;
};

export type PlatformClient = {
  /** The parsed JSON of a 2xx answer. */
  json: (request: PlatformRequest) => Promise<unknown>;
  /** The body of a 2xx event stream, decoded: it reads as strings. */
  stream: (request: PlatformRequest) => Promise<Readable>;
};

export type PlatformClientOptions = {
  baseUrl: string;
  apiKey: string;
  timeoutMs?: number;
};

/**
 * Every call rejects with a `PlatformError` that holds neither the key nor the platform's words. No
 * redirect is followed: the key would go to a host that the owner did not name. By `node:http` and not
 * by `fetch`, whose streams cost more for each chunk of an answer than all the rest of its way.
 */
export function createPlatformClient(options: PlatformClientOptions): PlatformClient {
  const { baseUrl, apiKey, timeoutMs = TIMEOUT_MS } = options;
  const transport = baseUrl.startsWith("https:") ? https : http;
  const kept = new transport.Agent({ keepAlive: true, timeout: IDLE_CONNECTION_MS });
  // Not used again: a platform that ends a stream may be leaving, and would take a message with it.
  const once = new transport.Agent({ keepAlive: false });

  /** Resolves with the headers of a 2xx answer. */
  async function call(request: PlatformRequest, agent = kept): Promise<IncomingMessage> {
    const { method, body, signal, accept = "application/json" } = request;
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const outgoing = transport.request(toUrl(baseUrl, request), {
      method,
      agent,
      // Built from nothing: no header of the visitor's request is ever passed on.
      headers: {
        authorization: `Bearer ${apiKey}`,
        accept,
        "accept-encoding": "identity",
        "user-agent": "lex-chat",
        "x-request-id": currentRequestId() ?? randomUUID(),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(signal && { signal }),
    });
    outgoing.on("response", resolve).on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    const deadline = startDeadline(outgoing, timeoutMs);
    try {
      const response = await promise;
      // Whoever reads it is told; this is for what breaks while nobody does.
      response.on("error", () => undefined);
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) return response;
      response.destroy();
      throw failureOfStatus(request, { status, retryAfter: response.headers["retry-after"] });
    } catch (error) {
      if (error instanceof PlatformError || signal?.aborted) throw error;
      throw failureOfConnection(request, error, deadline.isOver());
    } finally {
      deadline.clear();
    }
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
    throw failureOfContent(request, "invalid", { status, problem });
  }

  return {
    json: async (request) => readJson(request, await call(request)),

    async stream(request) {
      const response = await call({ ...request, accept: "text/event-stream" }, once);
      const type = response.headers["content-type"] ?? "nothing";
      if (/^text\/event-stream\b/i.test(type)) return response.setEncoding("utf8");
      response.destroy();
      const { statusCode: status = 0 } = response;
      throw failureOfContent(request, "not-a-stream", { status, problem: "not an event stream" });
    },
  };
}

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
