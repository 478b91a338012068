import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type AddressInfo } from "node:net";
import express from "express";
import { describe, expect, it } from "vitest";
import { call, closeLater, type CallOptions } from "../../support/proxy.ts";
import { ADMIN_TOKEN, manage, MANAGEMENT_KEY, owner, startLexey, startOwners } from "./owners.ts";

describe("a request reaches the platform", () => {
  const sent = { message: "Set our heading to ‘Grüße’" };

  it("with its method, path, query and body as they were, and the key", async () => {
    const lexey = await startLexey();
    const proxy = await startOwners(`${lexey.url}/base`);
    const body = `${JSON.stringify(sent, null, 4)}\n`;
    await manage(proxy, "/conversations/c-1/messages?a=1&b=%2F..", { method: "PUT", body });
    expect(lexey.requests).toHaveLength(1);
    const [request] = lexey.requests;
    expect(request).toMatchObject({
      method: "PUT",
      url: "/base/api/v1/management/conversations/c-1/messages?a=1&b=%2F..",
      body,
    });
    expect(request?.headers.authorization).toBe(`Bearer ${MANAGEMENT_KEY}`);
  });

  it.each([[{}], [{ Expect: "100-continue" }], [{ Connection: "Upgrade", Upgrade: "h2c" }]])(
    "with headers built from nothing, whatever came along: %j",
    async (more) => {
      const lexey = await startLexey();
      const proxy = await startOwners(lexey.url);
      const body = JSON.stringify(sent);
      const outgoing = httpRequest(`${proxy.url}/api/management/conversations`, {
        method: "POST",
        headers: {
          ...owner,
          "Content-Type": "application/json",
          "Content-Length": Buffer.byteLength(body),
          Cookie: "session=1",
          Origin: "https://chat.example",
          Referer: "https://chat.example/manage",
          "X-Forwarded-For": "192.0.2.1",
          "X-Request-Id": "owners-request-1",
          "Accept-Encoding": "gzip, br",
          "User-Agent": "owner's browser",
          ...more,
        },
      });
      outgoing.end(body);
      const [response] = (await once(outgoing, "response")) as [IncomingMessage];
      response.resume();
      expect(response.statusCode).toBe(200);
      expect(lexey.requests.map(({ headers }) => headers)).toEqual([
        {
          authorization: `Bearer ${MANAGEMENT_KEY}`,
          accept: "*/*",
          "accept-encoding": "identity",
          "user-agent": "lex-chat",
          "x-request-id": "owners-request-1",
          "content-type": "application/json",
          "content-length": String(Buffer.byteLength(body)),
          host: new URL(lexey.url).host,
          connection: "close",
        },
      ]);
      expect(lexey.requests[0]?.body).toBe(body);
    },
  );
});

describe("a path that could lead out of the API is not passed on:", () => {
  it.each([
    "/../customer/conversations",
    "/conversations/../../customer/conversations",
    "/conversations/./x",
    "/..",
    "/%2e%2e/customer/conversations",
    "/%2E%2E%2Fcustomer",
    "/..%2fcustomer",
    "/..%5ccustomer",
    "/conversations/%00",
    "/conversations//x",
    "//evil.example/x",
    "/conversations/a;b",
    "/conversations/a\\..\\b",
    "/http://evil.example/",
    "/conversations/x#y",
  ])("%s", async (path) => {
    const lexey = await startLexey();
    const proxy = await startOwners(lexey.url);
    // As it is: `fetch` would tidy it first.
    const answer = await rawGet(proxy.port, `/api/management${path}`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 [\s\S]*route_not_found/);
    expect(lexey.requests).toEqual([]);
  });

  it.each(["http://evil.example/api/management/conversations", "*"])(
    "%s as the target of the request",
    async (target) => {
      const lexey = await startLexey();
      const proxy = await startOwners(lexey.url);
      expect(await rawGet(proxy.port, target)).toMatch(/^HTTP\/1\.1 404 /);
      expect(lexey.requests).toEqual([]);
    },
  );

  async function rawGet(port: number, target: string): Promise<string> {
    const socket = connect(port, "127.0.0.1");
    socket.end(
      `GET ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ADMIN_TOKEN}\r\nConnection: close\r\n\r\n`,
    );
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  }
});

describe("a body", () => {
  it.each<[name: string, options: CallOptions, status: number, code: string]>([
    ["over LIMIT_BODY_BYTES", { body: { message: "x".repeat(2000) } }, 413, "body_too_large"],
    [
      "that is no JSON",
      { body: "message=x", headers: { "Content-Type": "application/x-www-form-urlencoded" } },
      415,
      "unsupported_media_type",
    ],
    [
      "that is compressed",
      { body: "{}", headers: { "Content-Encoding": "gzip" } },
      415,
      "unsupported_media_type",
    ],
  ])("%s is refused before the platform hears of it", async (_name, options, status, code) => {
    const lexey = await startLexey();
    const proxy = await startOwners(lexey.url, { LIMIT_BODY_BYTES: "1000" });
    const answer = await manage(proxy, "/conversations/c/messages", options);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(lexey.requests).toEqual([]);
  });

  it("that an app around the proxy has read already arrives all the same", async () => {
    const lexey = await startLexey();
    const { proxy } = await startOwners(lexey.url);
    const app = express().use(express.json()).use("/chat", proxy.router);
    const server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    closeLater(() => (server.close(), server.closeAllConnections()));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/chat/api/management`;
    const body = { message: "Hello" };
    await call(`${url}/conversations`, { method: "POST", headers: owner });
    await call(`${url}/conversations/c-1/messages`, { headers: owner, body });
    expect(lexey.requests.map((request) => request.body)).toEqual(["", JSON.stringify(body)]);
  });

  it("without a length is counted while it comes", async () => {
    const lexey = await startLexey();
    const proxy = await startOwners(lexey.url, { LIMIT_BODY_BYTES: "1000" });
    const outgoing = httpRequest(`${proxy.url}/api/management/conversations`, {
      method: "POST",
      headers: { ...owner, "Content-Type": "application/json" },
    });
    outgoing.write("x".repeat(600));
    outgoing.end("x".repeat(600));
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
    response.resume();
    expect(lexey.requests).toEqual([]);
  });
});
