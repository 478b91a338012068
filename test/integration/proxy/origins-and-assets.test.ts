import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import express from "express";
import { beforeAll, describe, expect, it } from "vitest";
import { createChatProxy } from "../../../proxy/index.ts";
import {
  API_KEY,
  call,
  closeLater,
  createVisitor,
  ORIGIN,
  SESSION_SECRET,
  startPlatform,
  startProxy,
  type TestProxy,
} from "../../support/proxy.ts";
import { makeWidget, settingsIn } from "../../support/widget-files.ts";

const NOWHERE = "http://127.0.0.1:9";

const widgetFolder = makeWidget();

describe("an origin", () => {
  const preflight = { method: "OPTIONS", headers: { "Access-Control-Request-Method": "POST" } };

  const matrix: Array<[allowed: string, origin: string, isAllowed: boolean]> = [
    ["https://shop.example", "https://shop.example", true],
    ["https://shop.example", "http://shop.example", false],
    ["https://shop.example", "https://shop.example:8443", false],
    ["https://shop.example", "https://shop.example.evil.example", false],
    ["https://shop.example", "https://evilshop.example", false],
    ["https://shop.example", "null", false],
    ["https://*.shop.example", "https://www.shop.example", true],
    ["https://*.shop.example", "https://a.b.shop.example", true],
    ["https://*.shop.example", "https://shop.example", false],
    ["https://*.shop.example", "https://evilshop.example", false],
    ["https://*.shop.example", "http://www.shop.example", false],
    ["http://localhost:3000", "http://localhost:3001", false],
    ["*", "https://anything.example", true],
    ["*", "null", false],
    ["null", "null", true],
    ["", "https://shop.example", false],
  ];

  it.each(matrix)(
    "under ALLOWED_ORIGINS=%s: %s, allowed %s",
    async (allowed, origin, isAllowed) => {
      const proxy = await startProxy(NOWHERE, { ALLOWED_ORIGINS: allowed });
      const { status, headers } = await call(`${proxy.url}/api/session`, {
        body: {},
        headers: { Origin: origin },
      });
      expect(status).toBe(isAllowed ? 200 : 403);
      expect(headers.get("access-control-allow-origin")).toBe("*");
    },
  );

  it("of PUBLIC_URL is always allowed", async () => {
    const proxy = await startProxy(NOWHERE, { PUBLIC_URL: "https://chat.example/path" });
    const headers = { Origin: "https://chat.example" };
    expect((await call(`${proxy.url}/api/session`, { body: {}, headers })).status).toBe(200);
  });

  it("is not needed on a GET, where the token decides", async () => {
    const { url } = await startPlatform();
    const proxy = await startProxy(url);
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = await visitor.ask("Hello");
    const answer = await visitor.request(`/${conversationId}/status`, {
      headers: { Origin: undefined },
    });
    expect(answer.status).toBe(200);
  });

  it.each([
    "/api/session",
    "/api/conversations/reply",
    "/api/nothing",
    "/widget.js",
    "/assets/panel.js",
  ])("gets a preflight for %s answered, whichever it is, without credentials", async (path) => {
    const proxy = await startProxy(NOWHERE, {}, { widgetFolder });
    const { status, headers } = await call(`${proxy.url}${path}`, {
      ...preflight,
      headers: { ...preflight.headers, Origin: "https://unknown.example" },
    });
    expect(status).toBe(204);
    expect(Object.fromEntries(headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers":
        "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Request-Id",
      "access-control-max-age": "7200",
    });
    expect(headers.get("access-control-allow-credentials")).toBeNull();
  });

  it("that is * is warned of at the start", async () => {
    const { log } = await startProxy(NOWHERE, { ALLOWED_ORIGINS: "*" });
    expect(log).toContainEqual(
      expect.objectContaining({ level: 40, msg: expect.stringContaining("*") }),
    );
  });
});

describe("widget.js", () => {
  const BRANDING = {
    AGENT_NAME: "</script><script>alert(1)</script>",
    WELCOME_HEADING: "$& costs $1 or $` or \\u2028 \u2028 end",
    PRIMARY_COLOR: "#123456",
  };
  let proxy: TestProxy;
  beforeAll(async () => {
    proxy = await startProxy(NOWHERE, { ...BRANDING, FEEDBACK: "off" }, { widgetFolder });
  });

  it("has the proxy's settings inlined, whatever characters they hold", async () => {
    const { status, headers, text } = await call(`${proxy.url}/widget.js`);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(settingsIn(text)).toEqual({
      branding: {
        agentName: BRANDING.AGENT_NAME,
        welcomeHeading: BRANDING.WELCOME_HEADING,
        primaryColor: "#123456",
      },
      feedback: false,
      newConversation: true,
      messageCharacters: 8000,
    });
  });

  it("can be pasted into a page without ending its script element", async () => {
    const { text } = await call(`${proxy.url}/widget.js`);
    expect(text).not.toMatch(/<\/script|<!--/i);
  });

  it("is kept for a minute, by any page, and asked for again by its ETag", async () => {
    const { headers } = await call(`${proxy.url}/widget.js`);
    expect(headers.get("cache-control")).toBe("public, max-age=60");
    expect(headers.get("vary")).toContain("Accept-Encoding");
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    const again = await rawGet(`${proxy.url}/widget.js`, {
      "If-None-Match": headers.get("etag") ?? "",
    });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    const other = await startProxy(NOWHERE, { AGENT_NAME: "Another" }, { widgetFolder });
    const changed = await call(`${other.url}/widget.js`);
    expect(changed.headers.get("etag")).not.toBe(headers.get("etag"));
  });

  it.each([
    ["br, gzip", "br"],
    ["gzip", "gzip"],
    ["identity", undefined],
    ["*;q=0, identity", undefined],
    ["zstd", undefined],
    ["br;q=0, gzip;q=0.5", "gzip"],
  ])("for Accept-Encoding: %s comes as %s", async (accepted, encoding) => {
    const { headers, body } = await rawGet(`${proxy.url}/widget.js`, {
      "Accept-Encoding": accepted,
    });
    expect(headers["content-encoding"]).toBe(encoding);
    const unpack = encoding === "br" ? brotliDecompressSync : gunzipSync;
    const text = encoding === undefined ? body : unpack(body);
    expect(settingsIn(text.toString()).branding.primaryColor).toBe("#123456");
  });

  /** `fetch` unpacks by itself, and adds `no-cache` to a conditional request. */
  async function rawGet(url: string, headers: Record<string, string>) {
    const [response] = (await once(get(url, { headers }), "response")) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const { statusCode: status } = response;
    return { status, headers: response.headers, body: Buffer.concat(chunks) };
  }
});

describe("an asset", () => {
  it.each([
    ["panel-Ab12Cd34.js", "public, max-age=31536000, immutable"],
    ["panel.js", "no-cache"],
  ])("%s may be loaded by any page, and is cached as %s", async (name, cacheControl) => {
    const proxy = await startProxy(NOWHERE, {}, { widgetFolder });
    const { status, headers } = await call(`${proxy.url}/assets/${name}`);
    expect([status, headers.get("cache-control")]).toEqual([200, cacheControl]);
    // For pages with COEP, and for tags with a hash.
    expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(headers.get("access-control-allow-origin")).toBe("*");
  });

  it.each([
    "/assets/none.js",
    "/assets/notes.txt",
    "/assets/..%2fsecret.js",
    "/assets/..%2f..%2f..%2fetc%2fpasswd",
    "/assets/%2e%2e/secret.js",
    "/assets/a/b.js",
    "/assets/",
    "/assets/%00",
  ])("outside of the build is 404: %s", async (path) => {
    const proxy = await startProxy(NOWHERE, {}, { widgetFolder });
    const { status, text } = await call(`${proxy.url}${path}`);
    expect(status).toBe(404);
    expect(text).not.toContain("not to be served");
  });

  it("that was never built says how to build it", async () => {
    const proxy = await startProxy(NOWHERE, {}, { widgetFolder: "/nowhere" });
    const { status, text } = await call(`${proxy.url}/widget.js`);
    expect(status).toBe(404);
    expect(text).toContain("npm run build");
  });
});

describe("mounted in a bigger app", () => {
  const ADMIN_TOKEN = "admin-token-of-the-mounted-proxy-0123456789";
  let url: string;
  beforeAll(async () => {
    const platform = await startPlatform();
    const proxy = createChatProxy(
      {
        lexUrl: platform.url,
        lexApiKey: API_KEY,
        sessionSecret: SESSION_SECRET,
        allowedOrigins: [ORIGIN],
        adminToken: ADMIN_TOKEN,
        logLevel: "silent",
        widgetFolder,
      },
      {},
    );
    const app = express();
    app.use(express.json());
    app.use("/chat", proxy.router);
    app.use((_request, response) => void response.status(418).send("the app's own 404"));
    const server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    closeLater(() => (proxy.close(), server.close(), server.closeAllConnections()));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  it("chats under its path", async () => {
    const visitor = await createVisitor(`${url}/chat`);
    const { answer } = await visitor.ask("Hello");
    expect(answer.content).toContain("Hello");
  });

  it("serves the widget under its path", async () => {
    expect((await call(`${url}/chat/widget.js`)).status).toBe(200);
    expect((await call(`${url}/chat/assets/panel.js`)).status).toBe(200);
  });

  it.each(["/", "/api/conversations", "/widget.js", "/chat", "/chat/other"])(
    "leaves %s to the app",
    async (path) => {
      expect(await call(url + path)).toMatchObject({ status: 418, text: "the app's own 404" });
    },
  );

  it("has the owner's page under its path, and names that path in the script tag", async () => {
    expect((await call(`${url}/chat/manage`)).status).toBe(200);
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
    const { body } = await call(`${url}/chat/manage/overview`, { headers });
    expect(body).toMatchObject({
      scriptTag: `<script async src="${url}/chat/widget.js"></script>`,
    });
  });

  it("keeps its own refusals under its path", async () => {
    expect(await call(`${url}/chat/api/other`)).toMatchObject({
      status: 404,
      body: { code: "route_not_found" },
    });
  });
});
