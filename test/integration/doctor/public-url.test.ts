import { createBrotliCompress, createGzip } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { startChat, type TestProxy } from "../../support/proxy.ts";
import {
  about,
  diagnose,
  isEventStream,
  listen,
  nowhere,
  passOnAll,
  standInFront,
} from "./doctor.ts";

let chat: TestProxy;
beforeAll(async () => {
  chat = await startChat();
});

describe("an address where everything is right", () => {
  it("is well: alive, the script, a page, and a stream that comes as it is sent", async () => {
    const findings = await diagnose({}, chat.url);
    for (const subject of ["alive", "script", "pages", "streaming"])
      expect(about(findings, subject), subject).toMatchObject([{ level: "ok" }]);
  });

  it("is taken from PUBLIC_URL when none is given", async () => {
    const findings = await diagnose({ PUBLIC_URL: chat.url });
    expect(about(findings, "alive")).toMatchObject([{ level: "ok" }]);
  });

  it("is well behind a reverse proxy that passes everything on, under a path too", async () => {
    const front = await standInFront(chat.url, passOnAll, "/chat");
    const findings = await diagnose({}, `${front}/chat`);
    for (const subject of ["alive", "script", "pages", "streaming"])
      expect(about(findings, subject), subject).toMatchObject([{ level: "ok" }]);
  });
});

describe("streaming", () => {
  it("that is held back is a problem, with the fix for the server that names itself", async () => {
    const front = await standInFront(chat.url, (answer, response) => {
      const held: Buffer[] = [];
      answer.on("data", (bytes: Buffer) => held.push(bytes));
      answer.on("end", () => {
        response.writeHead(answer.statusCode ?? 0, { ...answer.headers, server: "nginx/1.22" });
        response.end(Buffer.concat(held));
      });
    });
    const [finding] = about(await diagnose({}, front), "streaming");

    expect(finding).toMatchObject({ level: "problem", says: expect.stringContaining("held back") });
    expect(finding?.fix).toContain("proxy_buffering off");
    expect(finding?.fix).not.toMatch(/Caddy|Apache|Cloudflare/);
  });

  it.each([
    ["gzip", createGzip],
    ["br", createBrotliCompress],
  ])(
    "that is compressed by %s is a problem, with the fix for every server",
    async (encoding, create) => {
      const front = await standInFront(chat.url, (answer, response, request) => {
        if (!isEventStream(answer)) return passOnAll(answer, response, request);
        const headers = { ...answer.headers, "content-encoding": encoding };
        response.writeHead(answer.statusCode ?? 0, headers);
        answer.pipe(create()).pipe(response);
      });
      const [finding] = about(await diagnose({}, front), "streaming");

      expect(finding).toMatchObject({ level: "problem", says: expect.stringContaining(encoding) });
      for (const server of ["nginx", "Caddy", "Apache", "Cloudflare"])
        expect(finding?.fix).toContain(server);
    },
  );

  it("that is cut is a problem", async () => {
    const front = await standInFront(chat.url, (answer, response, request) => {
      passOnAll(answer, response, request);
      if (isEventStream(answer)) setTimeout(() => response.end(), 300);
    });
    expect(about(await diagnose({}, front), "streaming")).toMatchObject([
      { level: "problem", says: expect.stringContaining("was cut after") },
    ]);
  });
});

describe("what stands in front", () => {
  it("and adds Access-Control-Allow-Origin a second time keeps browsers out", async () => {
    const front = await standInFront(chat.url, (answer, response) => {
      for (const [name, value] of Object.entries(answer.headers))
        if (value !== undefined) response.setHeader(name, value);
      response.appendHeader("access-control-allow-origin", "https://www.example.com");
      response.writeHead(answer.statusCode ?? 0);
      answer.pipe(response);
    });
    const findings = about(await diagnose({}, front), "pages");
    expect(findings.map(({ level }) => level)).toEqual(["problem", "problem"]);
    expect(findings[0]?.says).toContain("twice");
    expect(findings[0]?.fix).toContain("add_header");
  });

  it("and answers preflights itself keeps browsers out", async () => {
    const front = await standInFront(chat.url, (answer, response, request) => {
      if (request.method === "OPTIONS") response.writeHead(405).end();
      else passOnAll(answer, response, request);
    });
    expect(about(await diagnose({}, front), "pages")).toMatchObject([
      { level: "problem", says: expect.stringContaining("a preflight is answered 405") },
    ]);
  });

  it("and is another site is no chat proxy: nothing more is asked", async () => {
    const seen: string[] = [];
    const site = await listen((request, response) => {
      seen.push(request.url ?? "");
      response.end("<h1>Welcome</h1>");
    });
    const findings = await diagnose({}, site);
    expect(about(findings, "alive")).toMatchObject([{ level: "problem" }]);
    expect(seen).toEqual(["/healthz"]);
  });

  it("and is not there is said as such", async () => {
    const address = await nowhere();
    expect(about(await diagnose({}, address), "network")).toMatchObject([
      { level: "problem", says: `nothing listens at ${new URL(address).host}` },
    ]);
  });
});

it("a running proxy whose Redis is away says so", async () => {
  const REDIS_URL = (await nowhere()).replace("http:", "redis:");
  const lonely = await startChat({}, { REDIS_URL });
  expect(about(await diagnose({}, lonely.url), "alive")).toMatchObject([
    { level: "warning", says: expect.stringContaining("can't use its Redis") },
  ]);
});

describe("a page", () => {
  it("whose origin only these settings allow is refused by the running proxy", async () => {
    const findings = await diagnose({ ALLOWED_ORIGINS: "https://other.example" }, chat.url);
    const [finding] = about(findings, "pages");
    expect(finding).toMatchObject({ level: "problem" });
    expect(finding?.says).toContain("https://other.example");
  });

  it("gets no script from a proxy whose widget is not built", async () => {
    const bare = await startChat({}, {}, { widgetFolder: "/nowhere" });
    expect(about(await diagnose({}, bare.url), "script")).toMatchObject([
      { level: "problem", says: expect.stringContaining("not built") },
    ]);
  });
});
