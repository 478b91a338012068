import { describe, expect, it } from "vitest";
import {
  call,
  createVisitor,
  eventually,
  ORIGIN,
  startChat,
  startProxy,
  type TestProxy,
} from "../../support/proxy.ts";
import { startUpstream } from "./upstream.ts";

const OWN_ID = "page-request-0001";
const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

const accessLines = (proxy: TestProxy) => proxy.log.filter(({ msg }) => msg === "request");

/** The access line of a request, which is written when its answer has ended. */
const lineOf = (proxy: TestProxy, requestId: string) =>
  eventually(`the line of ${requestId}`, () =>
    accessLines(proxy).find((line) => line["requestId"] === requestId),
  );

describe("a request's id", () => {
  it("goes from the page to the platform, to every log line, and back", async () => {
    const upstream = await startUpstream();
    const proxy = await startProxy(upstream.url);
    const visitor = await createVisitor(proxy.url);
    upstream.routes.reply = ({ response }) => void response.writeHead(401).end();
    const answer = await visitor.reply("Hello", undefined, { "X-Request-Id": OWN_ID });

    expect(answer.headers.get("x-request-id")).toBe(OWN_ID);
    expect(answer.body).toMatchObject({ requestId: OWN_ID });
    expect(upstream.sends().map(({ headers }) => headers["x-request-id"])).toEqual([OWN_ID]);
    await lineOf(proxy, OWN_ID);
    const messages = proxy.log.filter((line) => line["requestId"] === OWN_ID).map(({ msg }) => msg);
    expect(messages).toContainEqual(expect.stringContaining("check the API key"));
    expect(messages).toContain("request");
  });

  it.each(["short", 'a"b"c"d"e', "x".repeat(65), "with blank in it"])(
    "is not taken over when it is %j",
    async (given) => {
      const proxy = await startProxy("http://127.0.0.1:9");
      const { headers } = await call(`${proxy.url}/healthz`, {
        headers: { "X-Request-Id": given },
      });
      expect(headers.get("x-request-id")).toMatch(UUID);
    },
  );

  it("may be sent by a page: preflights allow it", async () => {
    const proxy = await startProxy("http://127.0.0.1:9");
    const { headers } = await call(`${proxy.url}/api/session`, { method: "OPTIONS" });
    expect(headers.get("access-control-allow-headers")).toContain("X-Request-Id");
    expect(headers.get("access-control-expose-headers")).toContain("X-Request-Id");
  });

  it("is not put on the relay's own calls, nor on what follows from the platform's stream", async () => {
    const upstream = await startUpstream();
    const proxy = await startProxy(upstream.url);
    const visitor = await createVisitor(proxy.url);
    await visitor.reply("Hello", undefined, { "X-Request-Id": OWN_ID });
    const ids = (name: string) =>
      upstream.requests
        .filter(({ path }) => path.includes(name))
        .map(({ headers }) => headers["x-request-id"]);
    upstream.cutStreams();
    await eventually("a reconnect", () => (ids("/stream").length > 1 ? true : undefined));
    // The new stream is open: what was missed is read, on behalf of nobody.
    await eventually("the read after it", () => (ids("/messages").length > 1 ? true : undefined));

    expect(ids("/reply")).toEqual([OWN_ID]);
    for (const id of [...ids("/stream"), ids("/messages").at(-1)]) {
      expect(id).toMatch(UUID);
    }
    expect(new Set(ids("/stream")).size).toBe(ids("/stream").length);
  });
});

describe("the access log", () => {
  it("has one line for each request: method, route, status and time, and no id or text", async () => {
    const chat = await startChat();
    const visitor = await createVisitor(chat.url);
    const { conversationId, answer } = await visitor.ask("What does shipping cost?");
    const paths: Array<[path: string, route: string, status: number]> = [
      [`?ids=${conversationId}`, "/api/conversations", 200],
      [`/${conversationId}/messages?since=${answer.id}`, "/api/conversations/:id/messages", 200],
      [`/${conversationId}/status`, "/api/conversations/:id/status", 200],
      ["/not-a-handle/status", "/api/conversations/:id/status", 404],
      [`/${conversationId}/nothing`, "other", 404],
    ];
    for (const [index, [path]] of paths.entries())
      await visitor.request(path, { headers: { "X-Request-Id": `access-line-${index}` } });

    for (const [index, [, route, status]] of paths.entries()) {
      const line = await lineOf(chat, `access-line-${index}`);
      expect(line).toMatchObject({ level: 30, method: "GET", route, status });
      expect(line["ms"]).toBeGreaterThanOrEqual(0);
    }
    const streams = await eventually("the stream's end", () =>
      accessLines(chat).find(({ route }) => route === "/api/conversations/:id/stream"),
    );
    expect(streams).toMatchObject({ status: 200, cut: true });
    const lines = JSON.stringify(accessLines(chat));
    for (const secret of [conversationId, visitor.token, visitor.visitorId, answer.id, "shipping"])
      expect(lines).not.toContain(secret);
    expect(new Set(accessLines(chat).map((line) => line["requestId"])).size).toBe(
      accessLines(chat).length,
    );
  });

  it("keeps probes, files and preflights to level debug", async () => {
    const proxy = await startProxy("http://127.0.0.1:9");
    const headers = { Origin: ORIGIN };
    await call(`${proxy.url}/healthz`);
    await call(`${proxy.url}/widget.js`);
    await call(`${proxy.url}/api/session`, { method: "OPTIONS", headers });
    await call(`${proxy.url}/api/session`, { method: "POST", headers });
    await eventually("four lines", () => (accessLines(proxy).length === 4 ? true : undefined));

    expect(accessLines(proxy).map(({ level, route }) => [level, route])).toEqual([
      [20, "/healthz"],
      [20, "/widget.js"],
      [20, "/api/session"],
      [30, "/api/session"],
    ]);
  });
});
