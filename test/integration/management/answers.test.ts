import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../../proxy/protocol.ts";
import { closeLater, eventually, type Answer } from "../../support/proxy.ts";
import { json } from "../proxy/upstream.ts";
import {
  ADMIN_TOKEN,
  manage,
  MANAGEMENT_KEY,
  NOWHERE,
  owner,
  startLexey,
  startOwners,
  type Handler,
} from "./owners.ts";

describe("an answer", () => {
  const answerOf = async (
    handle: Handler,
    environment: NodeJS.ProcessEnv = {},
  ): Promise<Answer> => {
    const proxy = await startOwners((await startLexey(handle)).url, environment, {
      platformTimeoutMs: 200,
    });
    return manage(proxy, "/conversations");
  };

  it.each([200, 201, 400, 402, 404, 409, 413, 429])(
    "with status %i passes, with nothing of its headers but what the caller needs",
    async (status) => {
      const { headers, ...answer } = await answerOf((response) => {
        response.setHeader("Set-Cookie", "session=1");
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("Server", "lexey");
        response.setHeader("X-Internal", "1");
        response.setHeader("Retry-After", "7");
        response.statusMessage = "Secret reason";
        json(response, status, { any: "thing" });
      });
      expect(answer).toMatchObject({ status, body: { any: "thing" } });
      expect([...headers.keys()].toSorted()).toEqual([
        "cache-control",
        "connection",
        "content-type",
        "date",
        "keep-alive",
        "retry-after",
        "transfer-encoding",
        "x-accel-buffering",
        "x-content-type-options",
        "x-request-id",
      ]);
    },
  );

  it("that is compressed all the same passes as it is", async () => {
    const { body } = await answerOf((response) => {
      response.writeHead(200, { "Content-Type": "application/json", "Content-Encoding": "gzip" });
      response.end(gzipSync('{"packed":true}'));
    });
    expect(body).toEqual({ packed: true });
  });

  it("without content passes", async () => {
    const { status, text } = await answerOf((response) => void response.writeHead(204).end());
    expect([status, text]).toEqual([204, ""]);
  });

  const page: Handler = (response) =>
    void response.writeHead(200, { "Content-Type": "text/html" }).end(`<p>${MANAGEMENT_KEY}</p>`);
  /** Repeats the request, key included, as pages for errors do. */
  const status =
    (code: number): Handler =>
    (response, { headers }) => {
      response.setHeader("Location", `http://evil.example/${headers.authorization}`);
      response.setHeader("WWW-Authenticate", `Bearer ${headers.authorization}`);
      json(response, code, headers);
    };

  it.each<[name: string, handle: Handler, status: number, code: string, detail: string]>([
    ["is 401", status(401), 502, "platform_rejected_request", "LEXEY_MANAGEMENT_KEY"],
    ["is 403", status(403), 502, "platform_rejected_request", "LEXEY_MANAGEMENT_KEY"],
    ["redirects by 301", status(301), 502, "platform_rejected_request", "LEXEY_URL"],
    ["redirects by 307", status(307), 502, "platform_rejected_request", "LEXEY_URL"],
    ["is 500", status(500), 502, "platform_unavailable", "500"],
    ["is 503", status(503), 502, "platform_unavailable", "503"],
    ["is 504", status(504), 504, "platform_timeout", "504"],
    ["is a page", page, 502, "platform_unavailable", "LEXEY_URL"],
    ["never comes", () => undefined, 504, "platform_timeout", "too long"],
    ["is cut before it", (response) => void response.destroy(), 502, "platform_unavailable", ""],
    [
      "is no HTTP",
      (response) => void response.socket?.end(MANAGEMENT_KEY),
      502,
      "platform_unavailable",
      "",
    ],
  ])("that %s becomes a problem that tells the owner what to do", async (...given) => {
    const [, handle, expected, code, detail] = given;
    const answer = await answerOf(handle);
    expect(answer).toMatchObject({ status: expected, body: { code } });
    expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect((answer.body as Problem).detail).toContain(detail);
    expect(JSON.stringify([...answer.headers]) + answer.text).not.toContain(MANAGEMENT_KEY);
    expect(answer.headers.get("location")).toBeNull();
  });

  it("of a platform that is not there is 502", async () => {
    const proxy = await startOwners(NOWHERE);
    const answer = await manage(proxy, "/conversations", { method: "POST" });
    expect(answer).toMatchObject({ status: 502, body: { code: "platform_unavailable" } });
  });

  it("is logged without the key, the token, ids or words", async () => {
    const proxy = await startOwners((await startLexey(status(500))).url);
    const body = { message: "planted words" };
    await manage(proxy, "/conversations/planted-id/messages?planted=query", { body });
    await eventually("the request's line", () => proxy.log.find(({ route }) => route) && true);
    const lines = JSON.stringify(proxy.log);
    expect(lines).toContain('"route":"/api/management/conversations/:id/messages"');
    expect(lines).toContain("Lexey answered 500");
    expect(lines).not.toMatch(/planted/);
    for (const secret of [ADMIN_TOKEN, MANAGEMENT_KEY]) expect(lines).not.toContain(secret);
  });
});

describe("a stream", () => {
  /** An upstream whose streams a test writes and ends itself. */
  async function startStream() {
    const opened: ServerResponse[] = [];
    const lexey = await startLexey((response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.flushHeaders();
      opened.push(response);
    });
    const proxy = await startOwners(lexey.url);
    const abort = new AbortController();
    closeLater(() => abort.abort());
    const response = await fetch(`${proxy.url}/api/management/conversations/c/messages`, {
      method: "POST",
      headers: { ...owner, "Content-Type": "application/json", "Accept-Encoding": "gzip, br" },
      body: '{"message":"Hi"}',
      signal: abort.signal,
    });
    const [upstream] = opened;
    if (!upstream || !response.body) throw new Error("no stream");
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    return { proxy, abort, response, upstream, read: async () => (await reader.read()).value };
  }

  it("comes write by write, uncompressed, and says that nobody shall hold it back", async () => {
    const { response, upstream, read } = await startStream();
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    expect(response.headers.get("cache-control")).toBe("no-store, no-transform");
    for (const frame of [
      'id: 1\ndata: {"type":"delta","text":"Öl"}\n\n',
      "id: 2\ndata: [DONE]\n\n",
    ]) {
      upstream.write(frame);
      expect(await read()).toBe(frame);
    }
    upstream.end();
    expect(await read()).toBeUndefined();
  });

  it("ends at the platform when the owner leaves", async () => {
    const { abort, upstream } = await startStream();
    const closed = once(upstream, "close");
    abort.abort();
    await closed;
    expect(upstream.writableFinished).toBe(false);
  });

  it("is cut, and not ended, when the platform breaks off", async () => {
    const { upstream, read } = await startStream();
    upstream.write("id: 1\n");
    await read();
    upstream.destroy();
    await expect(read()).rejects.toThrow();
  });

  it("is cut when the proxy closes", async () => {
    const { proxy, upstream, read } = await startStream();
    const closed = once(upstream, "close");
    await proxy.proxy.close();
    await expect(read()).rejects.toThrow();
    await closed;
  });
});
