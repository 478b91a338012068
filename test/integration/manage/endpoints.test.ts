import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type {
  BrandingResponse,
  HistoryResponse,
  OverviewResponse,
  Problem,
} from "../../../proxy/protocol.ts";
import {
  call,
  createVisitor,
  eventually,
  startChat,
  startPlatform,
  startProxy,
  type TestProxy,
} from "../../support/proxy.ts";
import { makeWidget } from "../../support/widget-files.ts";
import {
  ADMIN_TOKEN,
  manage,
  MANAGEMENT_KEY,
  NOWHERE,
  owner,
  startOwners,
} from "../management/owners.ts";

const widgetFolder = makeWidget();

async function read<Body>(proxy: TestProxy, path: string): Promise<Body> {
  const { status, body, text } = await call(`${proxy.url}/manage${path}`, { headers: owner });
  expect(status, text).toBe(200);
  return body as Body;
}

describe("the owner's page", () => {
  let proxy: TestProxy;
  beforeAll(async () => {
    proxy = await startOwners(NOWHERE, {}, { widgetFolder });
  });

  it.each([
    ["", "frame-ancestors 'none'"],
    ["/preview", "frame-ancestors 'self'"],
  ])("%s runs nothing but its own files, and %s", async (path, ancestors) => {
    const { status, headers, text } = await call(`${proxy.url}/manage${path}`);
    expect(status).toBe(200);
    expect(text).toContain("<!doctype html>");
    const policy = headers.get("content-security-policy")?.split("; ") ?? [];
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "trusted-types 'none'",
        ancestors,
      ]),
    );
    expect(policy.join()).not.toMatch(/unsafe|\*|https?:/);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  });

  it("has hashed files that are kept for ever, for itself alone", async () => {
    const { status, headers } = await call(`${proxy.url}/manage/assets/main-Ab12Cd34.js`);
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  });

  it("is at one address: a slash at its end leads back", async () => {
    const { status, headers } = await fetch(`${proxy.url}/manage/`, { redirect: "manual" });
    expect([status, headers.get("location")]).toEqual([302, "../manage"]);
  });

  it("can be read by no other page: nothing of it has a CORS header", async () => {
    for (const path of ["", "/preview", "/assets/main-Ab12Cd34.js", "/overview", "/nothing"]) {
      const { headers } = await call(`${proxy.url}/manage${path}`, {
        headers: { ...owner, Origin: "http://shop.example" },
      });
      expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  it.each(["/overview", "/branding", "/history"])("%s is for the owner alone", async (path) => {
    for (const headers of [{}, { Authorization: "Bearer wrong" }]) {
      const answer = await call(`${proxy.url}/manage${path}?token=${ADMIN_TOKEN}`, { headers });
      expect(answer).toMatchObject({ status: 401, body: { code: "admin_token_invalid" } });
    }
  });

  it("is not there without ADMIN_TOKEN, and says what to set", async () => {
    // Nor is it read: an owner who does not use it needs no files.
    const withoutFiles = makeWidget();
    rmSync(join(withoutFiles, "manage", "index.html"));
    const options = { widgetFolder: withoutFiles };
    const off = await startOwners(NOWHERE, { ADMIN_TOKEN: "" }, options);
    for (const path of ["", "/preview", "/assets/main-Ab12Cd34.js", "/history"]) {
      const { status, body } = await call(`${off.url}/manage${path}`);
      expect(status).toBe(404);
      expect((body as Problem).detail).toContain("set ADMIN_TOKEN");
    }
  });

  it("says how to build it when it is not built", async () => {
    const bare = await startOwners(NOWHERE, {}, { widgetFolder: "/nowhere" });
    const { status, body } = await call(`${bare.url}/manage`);
    expect(status).toBe(404);
    expect((body as Problem).detail).toContain("npm run build");
  });
});

describe("the overview", () => {
  it("says what this proxy is, with a script tag that leaves the branding to it", async () => {
    const proxy = await startOwners(NOWHERE, { PRIMARY_COLOR: "#111111" }, { widgetFolder });
    expect(await read<OverviewResponse>(proxy, "/overview")).toEqual({
      platform: "lex",
      hasManagement: true,
      isBrandingManaged: false,
      canPreviewChat: false,
      scriptTag: `<script async src="${proxy.url}/widget.js"></script>`,
      allowedOrigins: ["http://shop.example"],
    });
  });

  it("has the public address where it is set, whose pages may chat", async () => {
    const PUBLIC_URL = "https://chat.example.com/manage";
    const proxy = await startOwners(
      NOWHERE,
      { PUBLIC_URL, LEXEY_MANAGEMENT_KEY: "" },
      { widgetFolder },
    );
    expect(await read<OverviewResponse>(proxy, "/overview")).toMatchObject({
      hasManagement: false,
      canPreviewChat: true,
      scriptTag: `<script async src="${PUBLIC_URL}/widget.js"></script>`,
    });
  });
});

describe("the branding", () => {
  it("is there as soon as it is asked for, with what was said to the agent just before", async () => {
    const { url } = await startPlatform({ managementKeys: [MANAGEMENT_KEY] });
    const environment = { BRANDING: "managed", AGENT_NAME: "Set by hand" };
    const proxy = await startOwners(url, environment, { widgetFolder });
    for (const heading of ["What is in the tent?", "Need help with Acme?"]) {
      const { body } = await manage(proxy, "/conversations", { method: "POST" });
      const { conversationId } = body as { conversationId: string };
      const message = `Set the welcome heading to '${heading}'`;
      await manage(proxy, `/conversations/${conversationId}/messages`, { body: { message } });
      const { branding } = await read<BrandingResponse>(proxy, "/branding");
      expect(branding).toEqual({ agentName: "Set by hand", welcomeHeading: heading });
    }
  });

  it("is the settings' where the agent does not manage it", async () => {
    const proxy = await startOwners(NOWHERE, { PRIMARY_COLOR: "#111111" }, { widgetFolder });
    const { branding } = await read<BrandingResponse>(proxy, "/branding");
    expect(branding).toEqual({ primaryColor: "#111111" });
  });
});

describe("the history", () => {
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

  it("has messages, the time to their first text, and who reads along", async () => {
    const proxy = await startChat({}, { ADMIN_TOKEN }, { widgetFolder });
    const visitor = await createVisitor(proxy.url);
    const { conversationId } = await visitor.ask("Hello");
    const stream = await visitor.stream(conversationId);
    await stream.snapshot();
    const history = await read<HistoryResponse>(proxy, "/history");
    stream.close();
    expect(sum(history.messages)).toBe(1);
    expect(sum(history.errors)).toBe(0);
    expect(history.openViewers).toBe(1);
    expect(history.viewers.at(-1)).toBe(1);
    const median = history.firstTextMedian.find((seconds) => seconds !== null);
    expect(median).toBeGreaterThan(0);
    expect(history.firstTextP95).toContain(median);
    await eventually("nobody reading", async () => {
      const { openViewers } = await read<HistoryResponse>(proxy, "/history");
      return openViewers === 0 || undefined;
    });
  });

  it("has a message that could not be sent as one error", async () => {
    const proxy = await startProxy(NOWHERE, { ADMIN_TOKEN }, { widgetFolder, holdMs: 0 });
    const visitor = await createVisitor(proxy.url);
    const { status } = await visitor.reply("Hello");
    expect(status).toBe(502);
    const { messages, errors } = await read<HistoryResponse>(proxy, "/history");
    expect([sum(messages), sum(errors)]).toEqual([0, 1]);
  });
});
