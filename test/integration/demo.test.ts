import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { startDemo, type Demo } from "../../demo/demo.ts";
import { createPlatform } from "../../demo/platform/index.ts";

const sessionSecret = randomBytes(32).toString("hex");
const freePorts = { sitePort: 0, proxyPort: 0, platformPort: 0, sessionSecret };

const open: Array<{ close: () => Promise<void> }> = [];
const keep = <Part extends { close: () => Promise<void> }>(part: Part): Part => {
  open.unshift(part);
  return part;
};
afterEach(async () => {
  for (const part of open.splice(0)) await part.close();
});

/** Sends one message as the page of the demo's shop would, and returns the status. */
async function send(demo: Demo, content = "Hello"): Promise<number> {
  const proxy = `http://127.0.0.1:${demo.proxy.port}`;
  const headers = { Origin: demo.site.url, "Content-Type": "application/json" };
  const session = await fetch(`${proxy}/api/session`, { method: "POST", headers, body: "{}" });
  const { token } = (await session.json()) as { token: string };
  const reply = await fetch(`${proxy}/api/conversations/reply`, {
    method: "POST",
    headers: { ...headers, Authorization: `Bearer ${token}` },
    body: JSON.stringify({ content }),
  });
  return reply.status;
}

/** The three settings, each a port that is free now. */
async function somePorts(): Promise<{ SITE_PORT: string; PORT: string; PLATFORM_PORT: string }> {
  const servers = [1, 2, 3].map(() => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const [site = "", proxy = "", platform = ""] = servers.map((server) =>
    String((server.address() as AddressInfo).port),
  );
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return { SITE_PORT: site, PORT: proxy, PLATFORM_PORT: platform };
}

/** What `demo/start.ts` prints as errors before it ends. */
function errorsOfStart(settings: Record<string, string>): Promise<string> {
  const options = { env: { ...process.env, ...settings } };
  return new Promise((resolve) => {
    execFile(process.execPath, ["demo/start.ts"], options, (_error, _output, errors) =>
      resolve(errors),
    );
  });
}

describe("the demo", () => {
  it("starts the shop, the proxy and the local platform, wired to each other", async () => {
    const demo = keep(await startDemo(freePorts));
    expect(demo.platform).not.toBeNull();
    expect(await (await fetch(demo.site.url)).text()).toContain(`:${demo.proxy.port}/widget.js`);
    expect(await send(demo)).toBe(202);
  });

  it("uses the real platform, and starts none, when LEX_API_KEY is set", async () => {
    const real = keep(await createPlatform({ keys: ["lex2_real"] }));
    const environment = { LEX_API_KEY: "lex2_real", LEX_URL: real.url };
    const demo = keep(await startDemo({ ...freePorts, environment }));
    expect(demo.platform).toBeNull();
    expect(await send(demo)).toBe(202);
    const list = await fetch(`${real.url}/api/conversations`, {
      headers: { Authorization: "Bearer lex2_real" },
    });
    expect(await list.text()).toContain("Hello");
  });

  it.each([
    ["PLATFORM=lexey", { PLATFORM: "lexey" }, "lexey", true],
    [
      "PLATFORM=lexey beside a key of Lex",
      { PLATFORM: "lexey", LEX_API_KEY: "lex2_real" },
      "lexey",
      true,
    ],
    ["a key of Lexey", { LEXEY_CUSTOMER_KEY: "lxc_real" }, "lexey", false],
    [
      "PLATFORM=lex beside a key of Lexey",
      { PLATFORM: "lex", LEXEY_CUSTOMER_KEY: "lxc_real" },
      "lex",
      true,
    ],
  ] as const)("with %s runs on the platform that is meant", async (_case, given, name, isLocal) => {
    const demo = keep(await startDemo({ ...freePorts, environment: { ...given } }));
    const { platform, platformUrl } = demo.proxy.proxy.config;

    expect(platform).toBe(name);
    expect(demo.platform !== null).toBe(isLocal);
    expect(platformUrl).toBe(demo.platform?.url ?? "https://lexey.ai");
  });

  it("wires the proxy and the local Lexey both ways: messages there, escalations back", async () => {
    const ADMIN_TOKEN = randomBytes(32).toString("hex");
    const environment = { PLATFORM: "lexey", ADMIN_TOKEN };
    const platform = { tokensPerSecond: 10_000, thinkingMs: 0 };
    const demo = keep(await startDemo({ ...freePorts, platform, environment }));
    const metrics = async () => {
      const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
      return (await fetch(`${demo.proxy.url}/metrics`, { headers })).text();
    };

    expect(await send(demo, "Can I talk to a human?")).toBe(202);
    await expect.poll(metrics).toMatch(/webhooks(_total)?\{known="true"\} 1\b/);
  });

  it.each([
    ["keys of both platforms", { LEX_API_KEY: "lex2_real", LEXEY_CUSTOMER_KEY: "lxc_real" }],
    ["a platform that is none", { PLATFORM: "lexi" }],
  ])("does not guess with %s", async (_case, environment) => {
    await expect(startDemo({ ...freePorts, environment })).rejects.toThrow(
      /PLATFORM.*lex or lexey/,
    );
  });

  it("takes a blank variable for none, and keeps to its own platform without a key", async () => {
    const environment = { LEX_API_KEY: "", SESSION_SECRET: " ", LEX_URL: "http://127.0.0.1:9" };
    const demo = keep(await startDemo({ ...freePorts, environment }));
    expect(demo.platform).not.toBeNull();
    expect(await send(demo)).toBe(202);
  });

  it("leaves nothing open when a part can't start", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(startDemo({ ...freePorts, sitePort: port })).rejects.toThrow("EADDRINUSE");
    other.close();
  });

  it("says which port is taken and how to choose another", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const ports = { ...(await somePorts()), SITE_PORT: String(port) };
    expect(await errorsOfStart(ports)).toContain(`Port ${port} is taken: set SITE_PORT`);
    other.close();
  });

  it("names a port that is no number", async () => {
    expect(await errorsOfStart({ SITE_PORT: "three" })).toContain(
      'SITE_PORT is "three": use a whole number from 1 to 65535',
    );
  });

  it("prints its addresses and ends at SIGTERM with 0", async () => {
    const ports = await somePorts();
    const env = { ...process.env, ADMIN_TOKEN: "", ...ports };
    const demo = spawn(process.execPath, ["demo/start.ts"], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [printed] = (await once(demo.stdout, "data")) as [Buffer];
    expect(printed.toString()).toContain(`http://localhost:${ports.SITE_PORT}`);
    expect(printed.toString()).toMatch(
      new RegExp(`Owner +http://\\S+:${ports.PORT}/manage {2}\\(token in .cache/admin-token\\)`),
    );
    const token = (await readFile(".cache/admin-token", "utf8")).trim();
    const history = await fetch(`http://127.0.0.1:${ports.PORT}/manage/history`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(history.status).toBe(200);
    demo.kill("SIGTERM");
    const [code] = (await once(demo, "exit")) as [number | null];
    expect(code).toBe(0);
    const left = (await readdir(".cache")).filter((name) =>
      name.startsWith(`demo-${ports.PLATFORM_PORT}.sqlite`),
    );
    expect(left).not.toEqual([]);
    for (const name of left) await rm(`.cache/${name}`);
  });
});
