import { randomBytes } from "node:crypto";
import { createServer } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import type { PlatformOptions } from "../../../demo/platform/index.ts";
import { API_KEY, call, closeLater, lexeyAt, startPlatform } from "../../support/proxy.ts";
import { about, diagnose, listen, nowhere } from "./doctor.ts";

const platformFindings = async (environment: NodeJS.ProcessEnv) =>
  about(await diagnose(environment), "platform");

describe("the platform", () => {
  it("that answers and takes the key is well, and was only read", async () => {
    const { url } = await startPlatform();
    expect(await platformFindings({ LEX_URL: url })).toMatchObject([
      { level: "ok", says: `${url} answers and accepts LEX_API_KEY` },
    ]);
    const { body } = await call<{ conversations: unknown[] }>(`${url}/api/conversations`, {
      headers: { Authorization: `Bearer ${API_KEY}` },
    });
    expect(body.conversations).toEqual([]);
  });

  it("that does not know the key is a problem of the key, which is not shown", async () => {
    const { url } = await startPlatform();
    const findings = await platformFindings({ LEX_URL: url, LEX_API_KEY: "lex2_planted" });
    expect(findings).toMatchObject([{ level: "problem", says: expect.stringContaining("401") }]);
    expect(JSON.stringify(findings)).not.toContain("planted");
  });

  it.each([
    [403, "may not be used"],
    [404, "is not Lex's API"],
    [302, "redirects (302)"],
    [500, "the platform answered 500"],
  ])("that answers the key with %i is told apart", async (status, words) => {
    const url = await listen((request, response) => {
      const isKeyed = request.headers.authorization !== undefined;
      response.writeHead(isKeyed ? status : 200, { Location: "https://elsewhere.example/" }).end();
    });
    expect(await platformFindings({ LEX_URL: url })).toMatchObject([
      { level: "problem", says: expect.stringContaining(words), fix: expect.any(String) },
    ]);
  });

  it("that is a web site is no platform", async () => {
    const url = await listen((_request, response) => void response.end("<h1>Welcome</h1>"));
    expect(await platformFindings({ LEX_URL: url })).toMatchObject([
      { level: "problem", says: expect.stringContaining("is not Lex's API") },
    ]);
    expect(await platformFindings(lexeyAt(url))).toMatchObject([
      { level: "problem", says: expect.stringContaining("is not Lexey's API") },
    ]);
  });

  it("at a port where nothing listens is not there", async () => {
    expect(await platformFindings({ LEX_URL: await nowhere() })).toMatchObject([
      { level: "problem", says: expect.stringContaining("nothing listens") },
    ]);
  });

  it("under a name that does not exist is not there", async () => {
    const url = `https://${randomBytes(8).toString("hex")}.invalid`;
    expect(await platformFindings({ LEX_URL: url })).toMatchObject([
      { level: "problem", says: expect.stringMatching(/does not exist|can't be looked up/) },
    ]);
  });

  it("without a certificate that is accepted is told so", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    closeLater(() => server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await platformFindings({ LEX_URL: url })).toMatchObject([
      { level: "problem", says: expect.stringContaining("certificate") },
    ]);
  });

  it("whose clock says something else is a warning", async () => {
    const hourAgo = new Date(Date.now() - 3_600_000).toUTCString();
    const url = await listen((_request, response) => {
      response.writeHead(200, { Date: hourAgo, "Content-Type": "application/json" }).end("null");
    });
    expect(await platformFindings({ LEX_URL: url })).toMatchObject([
      { level: "warning", says: expect.stringMatching(/3600 s ahead of|3601 s ahead of/) },
      { level: "ok" },
    ]);
  });
});

describe("Lexey", () => {
  const MANAGEMENT_KEY = "lxm_doctors_test_key";

  async function lexeyFindings(environment: NodeJS.ProcessEnv = {}, options: PlatformOptions = {}) {
    const { url } = await startPlatform({ managementKeys: [MANAGEMENT_KEY], ...options });
    return platformFindings({ ...lexeyAt(url), ...environment });
  }

  it("that takes the customer key is well", async () => {
    const findings = await lexeyFindings();
    expect(findings).toMatchObject([
      { level: "ok", says: expect.stringContaining("accepts LEXEY_CUSTOMER_KEY") },
    ]);
  });

  it("is asked for the management key too", async () => {
    expect(await lexeyFindings({ LEXEY_MANAGEMENT_KEY: MANAGEMENT_KEY })).toMatchObject([
      { level: "ok", says: expect.stringContaining("LEXEY_CUSTOMER_KEY") },
      { level: "ok", says: expect.stringContaining("LEXEY_MANAGEMENT_KEY") },
    ]);
    expect(await lexeyFindings({ LEXEY_MANAGEMENT_KEY: "lxm_planted" })).toMatchObject([
      { level: "ok" },
      { level: "problem", says: "the platform does not know LEXEY_MANAGEMENT_KEY (401)" },
    ]);
  });

  it("that does not know the key is a problem of the key, which is not shown", async () => {
    const findings = await lexeyFindings({ LEXEY_CUSTOMER_KEY: "lxc_planted" });
    expect(findings).toMatchObject([
      { level: "problem", says: "the platform does not know LEXEY_CUSTOMER_KEY (401)" },
    ]);
    expect(JSON.stringify(findings)).not.toContain("planted");
  });

  it("at a port where nothing listens is not there", async () => {
    expect(await platformFindings(lexeyAt(await nowhere()))).toMatchObject([
      { level: "problem", says: expect.stringMatching(/^LEXEY_URL: nothing listens/) },
    ]);
  });
});

describe("the platform's webhook", () => {
  const secret = randomBytes(32).toString("hex");

  async function withWebhook(url: string | null, environment: NodeJS.ProcessEnv) {
    const platform = await startPlatform();
    if (url !== null)
      await call(`${platform.url}/api/webhooks/me`, {
        method: "PUT",
        headers: { Authorization: `Bearer ${API_KEY}` },
        body: { url, headers: { "X-Webhook-Secret": secret } },
      });
    return about(await diagnose({ LEX_URL: platform.url, ...environment }), "webhook");
  }

  it.each([
    ["https://chat.example.com/webhooks/lex", secret, ["ok"]],
    ["https://chat.example.com/webhooks/lex", `another-${secret}`, ["warning"]],
    ["https://chat.example.com/webhooks/lex", undefined, ["warning"]],
    ["https://other.example.com/hook", secret, ["warning"]],
    ["https://other.example.com/hook", undefined, []],
    [null, secret, ["warning"]],
    [null, undefined, []],
  ])("at %s with WEBHOOK_SECRET %s", async (url, webhookSecret, levels) => {
    const findings = await withWebhook(url, { WEBHOOK_SECRET: webhookSecret });
    expect(findings.map(({ level }) => level)).toEqual(levels);
    expect(JSON.stringify(findings)).not.toContain(secret);
  });
});
