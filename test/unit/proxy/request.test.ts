/** Against real servers: what matters here is what a socket does, not what `fetch` is said to do. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { PlatformError } from "../../../proxy/platforms/platform.ts";
import {
  createPlatformClient,
  type PlatformRequest,
  type PlatformStream,
} from "../../../proxy/platforms/request.ts";
import { withRequestId } from "../../../proxy/request-id.ts";

const KEY = "lex2_planted-secret";
const GET: PlatformRequest = { method: "GET", path: ["api", "conversations", "c1", "messages"] };
const POST: PlatformRequest = { method: "POST", path: ["api", "reply"], body: { content: "Hi" } };

const closers: Array<() => void> = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function clientOf(listener: RequestListener, timeoutMs = 2000) {
  const baseUrl = await serve(listener);
  return createPlatformClient({ baseUrl, apiKey: KEY, timeoutMs });
}

async function textOf(stream: PlatformStream): Promise<string> {
  let all = "";
  await stream.read((text) => (all += text));
  return all;
}

async function failureOf(call: Promise<unknown>): Promise<PlatformError> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PlatformError)) throw new Error(`not a PlatformError: ${String(error)}`);
  const told = JSON.stringify({ ...error, message: error.message, cause: error.cause });
  expect(told).not.toContain(KEY);
  expect(told).not.toContain("platform's words");
  return error;
}

describe("a request", () => {
  test("carries the key in Authorization, and nothing of its own besides", async () => {
    let seen: IncomingMessage | undefined;
    const client = await clientOf((request, response) => {
      seen = request;
      response.end("{}");
    });
    await client.json(GET);

    expect(seen?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(seen?.url).not.toContain(KEY);
    expect(Object.keys(seen?.headers ?? {}).sort()).toEqual([
      "accept",
      "accept-encoding",
      "authorization",
      "connection",
      "host",
      "user-agent",
      "x-request-id",
    ]);
  });

  test("carries the id of the request that it is made for, else one of its own", async () => {
    const seen: unknown[] = [];
    const client = await clientOf((request, response) => {
      seen.push(request.headers["x-request-id"]);
      response.end("{}");
    });
    await withRequestId(() => client.json(GET), "request-1");
    await client.json(GET);

    expect(seen).toEqual(["request-1", expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  });

  test("sends its body as JSON", async () => {
    const client = await clientOf(async (request, response) => {
      const chunks = await request.toArray();
      response.end(JSON.stringify([request.headers["content-type"], chunks.join("")]));
    });

    expect(await client.json(POST)).toEqual(["application/json", '{"content":"Hi"}']);
  });

  test.each([
    ["c1", "/api/c1"],
    ["../../admin", "/api/..%2F..%2Fadmin"],
    ["a/b?c#d", "/api/a%2Fb%3Fc%23d"],
    ["a\\..\\b", "/api/a%5C..%5Cb"],
    ["%2e%2e", "/api/%252e%252e"],
    ["ä \n", "/api/%C3%A4%20%0A"],
    ["...", "/api/..."],
  ])("keeps the id %j in its place in the path", async (id, path) => {
    const client = await clientOf((request, response) => response.end(JSON.stringify(request.url)));

    expect(await client.json({ method: "GET", path: ["api", id] })).toBe(path);
  });

  test.each([".", ".."])("with the id %j is not sent", async (id) => {
    let count = 0;
    const client = await clientOf((_request, response) => response.end(`${(count += 1)}`));

    expect(await failureOf(client.json({ method: "GET", path: ["api", id] }))).toMatchObject({
      failure: "not-found",
    });
    expect(count).toBe(0);
  });

  test("escapes its query and leaves out what is not set", async () => {
    const client = await clientOf((request, response) => response.end(JSON.stringify(request.url)));
    const query = { since: "a&b=c", before: undefined, limit: 5 };

    expect(await client.json({ method: "GET", path: ["api"], query })).toBe(
      "/api?since=a%26b%3Dc&limit=5",
    );
  });
});

describe("an answer with a status", () => {
  test.each([
    [301, "refused"],
    [304, "refused"],
    [400, "refused"],
    [401, "refused"],
    [402, "refused"],
    [403, "refused"],
    [404, "not-found"],
    [408, "timeout"],
    [409, "busy"],
    [422, "refused"],
    [429, "unavailable"],
    [500, "unavailable"],
    [502, "unavailable"],
    [503, "unavailable"],
    [504, "timeout"],
  ])("%d is the failure %s, for a stream too", async (status, failure) => {
    const client = await clientOf((_request, response) => {
      response.writeHead(status).end(`{"error":"platform's words ${KEY}"}`);
    });
    const expected = { failure, status, message: expect.stringContaining(String(status)) };

    expect(await failureOf(client.json(GET))).toMatchObject(expected);
    expect(await failureOf(client.json(POST))).toMatchObject(expected);
    expect(await failureOf(client.stream(GET))).toMatchObject(expected);
  });

  test.each([
    ["7", 7],
    ["86400", 3600],
    ["-1", undefined],
    ["Wed, 21 Oct 2026 07:28:00 GMT", undefined],
  ])("and Retry-After %s waits %s seconds", async (header, retryAfter) => {
    const client = await clientOf((_request, response) => {
      response.writeHead(503, { "retry-after": header }).end();
    });

    expect((await failureOf(client.json(GET))).retryAfter).toBe(retryAfter);
  });

  test("that redirects is not followed: the key stays with the host it is for", async () => {
    let reached = false;
    const elsewhere = await serve((_request, response) => {
      reached = true;
      response.end("{}");
    });
    const client = await clientOf((_request, response) => {
      response.writeHead(307, { location: elsewhere }).end();
    });

    expect(await failureOf(client.json(POST))).toMatchObject({ failure: "refused", status: 307 });
    expect(reached).toBe(false);
  });
});

describe("a 2xx answer", () => {
  test("is parsed as JSON, whatever its type says", async () => {
    const client = await clientOf((_request, response) => {
      response.writeHead(202, { "content-type": "text/plain" }).end('{"text":"ä😀"}');
    });

    expect(await client.json(GET)).toEqual({ text: "ä😀" });
  });

  test.each(["", "<html>platform's words</html>", '{"cut":'])(
    "with %j is invalid",
    async (body) => {
      const client = await clientOf((_request, response) => response.end(body));

      expect(await failureOf(client.json(GET))).toMatchObject({ failure: "invalid", status: 200 });
    },
  );

  test("over 8 MiB is not read to its end", async () => {
    const client = await clientOf((_request, response) => {
      response.end(`"${"x".repeat(8 * 1024 * 1024)}"`);
    });

    expect(await failureOf(client.json(GET))).toMatchObject({ failure: "invalid" });
  });

  test("cut in the middle leaves it open whether a message arrived", async () => {
    const client = await clientOf((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{\"platform's words", () => response.destroy());
    });

    expect(await failureOf(client.json(GET))).toMatchObject({ failure: "unavailable" });
    expect(await failureOf(client.json(POST))).toMatchObject({ failure: "unknown" });
  });

  test("that stalls in the middle is a timeout, and for a message unknown", async () => {
    const client = await clientOf((_request, response) => void response.write("{"), 100);

    expect(await failureOf(client.json(GET))).toMatchObject({ failure: "timeout" });
    expect(await failureOf(client.json(POST))).toMatchObject({ failure: "unknown" });
  });
});

describe("no answer", () => {
  test("because nothing listens: no message can have arrived", async () => {
    const baseUrl = await serve(() => undefined);
    closers.splice(0).forEach((close) => close());
    const client = createPlatformClient({ baseUrl, apiKey: KEY });
    const failures = await Promise.all(
      [client.json(GET), client.json(POST), client.stream(GET)].map(failureOf),
    );

    for (const failure of failures)
      expect(failure).toMatchObject({
        failure: "unavailable",
        message: expect.stringContaining("ECONNREFUSED"),
      });
  });

  test("because the name is unknown: no message can have arrived", async () => {
    const client = createPlatformClient({ baseUrl: "http://lex.invalid", apiKey: KEY });

    expect(await failureOf(client.json(POST))).toMatchObject({ failure: "unavailable" });
  });

  test("because the connection is reset after the body: a message may have arrived", async () => {
    const client = await clientOf((request) => {
      request.resume().on("end", () => request.socket.resetAndDestroy());
    });

    expect(await failureOf(client.json(POST))).toMatchObject({ failure: "unknown" });
    expect(await failureOf(client.json(GET))).toMatchObject({ failure: "unavailable" });
  });

  test("in time: a message may have arrived", async () => {
    const client = await clientOf(() => undefined, 100);

    expect(await failureOf(client.json(POST))).toMatchObject({ failure: "unknown" });
    expect(await failureOf(client.json(GET))).toMatchObject({ failure: "timeout" });
    expect(await failureOf(client.stream(GET))).toMatchObject({ failure: "timeout" });
  });
});

describe("a stream", () => {
  test("hands out its bytes as they come", async () => {
    const client = await clientOf((request, response) => {
      response.setHeader("content-type", "text/event-stream; charset=utf-8");
      response.write(`data: ${request.headers.accept}\n\n`);
    });
    const stream = await client.stream(GET);
    const first = new Promise((resolve) => void stream.read(resolve).catch(() => undefined));

    expect(await first).toBe("data: text/event-stream\n\n");
  });

  test("hands out a sign whose bytes come one by one as one sign", async () => {
    const client = await clientOf(async (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const byte of Buffer.from("ä😀")) {
        response.write(Buffer.of(byte));
        await new Promise(setImmediate);
      }
      response.end();
    });

    expect(await textOf(await client.stream(GET))).toBe("ä😀");
  });

  test("leaves no connection behind that a message could be sent on and lost with", async () => {
    const ports: Array<number | undefined> = [];
    const client = await clientOf((request, response) => {
      ports.push(request.socket.remotePort);
      response.setHeader("content-type", "text/event-stream").end("{}");
    });
    await textOf(await client.stream(GET));
    await client.json(POST);
    await client.json(POST);

    expect(ports[1]).not.toBe(ports[0]);
    expect(ports[2]).toBe(ports[1]);
  });

  test("is not ended by the time an answer may take", async () => {
    const client = await clientOf((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      setTimeout(() => response.end("data: late\n\n"), 200);
    }, 100);
    const body = await client.stream(GET);

    expect(await textOf(body)).toBe("data: late\n\n");
  });

  test.each(["application/json", "text/event-streaming", "text/html"])(
    "of the type %s is none",
    async (type) => {
      const client = await clientOf((_request, response) => {
        response.writeHead(200, { "content-type": type }).end("platform's words");
      });

      expect(await failureOf(client.stream(GET))).toMatchObject({ failure: "not-a-stream" });
    },
  );

  test("ends at the platform too when the caller aborts it", async () => {
    const closed = Promise.withResolvers<void>();
    const client = await clientOf((_request, response) => {
      response.on("close", closed.resolve);
      response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    });
    const caller = new AbortController();
    const body = await client.stream({ ...GET, signal: caller.signal });
    caller.abort();

    await expect(textOf(body)).rejects.toThrow("aborted");
    await closed.promise;
  });
});
