import { spawn } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import type { Server } from "node:http";
import { createConnection } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { COMPILE_CACHE } from "../../support/compile-cache.ts";
import {
  API_KEY,
  call,
  closeLater,
  createVisitor,
  eventually,
  ORIGIN,
  SESSION_SECRET,
  startChat,
  startPlatform,
  startProxy,
} from "../../support/proxy.ts";
import { startUpstream } from "./upstream.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const NOWHERE = "http://127.0.0.1:9";
const WORKING = {
  HOST: "127.0.0.1",
  PORT: "0",
  LEX_URL: NOWHERE,
  LEX_API_KEY: API_KEY,
  SESSION_SECRET,
  ALLOWED_ORIGINS: ORIGIN,
};

/** Runs Node with an environment of its own and keeps what it prints. */
function run(args: string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...COMPILE_CACHE, ...environment },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes: Buffer) => (output += bytes.toString()));
  }
  const exited = once(child, "close").then(([code]) => code as number | null);
  closeLater(() => child.kill("SIGKILL"));
  return { child, exited, output: () => output };
}

/** `lex-chat serve`, once it has printed its address. */
async function serve(environment: NodeJS.ProcessEnv) {
  const process = run(["proxy/cli.ts", "serve"], { ...WORKING, ...environment });
  const url = await eventually(
    "the address",
    () => /http:\/\/[\w.]+:\d+/.exec(process.output())?.[0],
  );
  return { ...process, url };
}

describe("lex-chat serve", () => {
  it("answers at the address that it prints", async () => {
    const { url } = await serve({});
    expect(await call(`${url}/healthz`)).toMatchObject({ status: 200, body: { status: "ok" } });
    expect((await call(`${url}/readyz`)).status).toBe(200);
  });

  it("lists all that is wrong with its settings, and no secret", async () => {
    const { exited, output } = run(["proxy/cli.ts", "serve"], {
      PORT: "eighty",
      LEX_URL: "https://user:pass-of-the-url@lex.example",
      SESSION_SECRET: "too-short-secret",
      ADMIN_TOKEN: "too-short-token",
      ALLOWED_ORIGINS: "https://shop.example/, ftp://shop.example",
      PRIMARY_COLOR: "blue",
      TRUST_PROXY: "everybody",
      LIMIT_MESAGES_PER_DAY: "5",
      LIMIT_STREAMS: "many",
    });
    expect(await exited).toBe(1);
    for (const name of [
      "PORT",
      "LEX_URL",
      "LEX_API_KEY",
      "SESSION_SECRET",
      "ADMIN_TOKEN",
      "ALLOWED_ORIGINS",
      "PRIMARY_COLOR",
      "TRUST_PROXY",
      "LIMIT_MESAGES_PER_DAY",
      "LIMIT_STREAMS",
    ]) {
      expect(output()).toMatch(new RegExp(`^ +- ${name} `, "m"));
    }
    expect(output()).not.toMatch(/too-short|pass-of-the-url/);
    expect(output()).not.toContain("    at ");
  });

  it.each(["PORT", "METRICS_PORT"])("says that %s is taken, and how to go on", async (name) => {
    const { port } = new URL((await startUpstream()).url);
    const { exited, output } = run(["proxy/cli.ts", "serve"], { ...WORKING, [name]: port });
    expect(await exited).toBe(1);
    expect(output()).toContain(`Port ${port} is taken: set PORT or METRICS_PORT`);
  });

  it("ends the streams on SIGTERM, with the time to come back, and exits with 0", async () => {
    const platform = await startPlatform();
    const { url, child, exited } = await serve({ LEX_URL: platform.url });
    const visitor = await createVisitor(url);
    const { body } = await visitor.reply("Hello");
    const stream = await visitor.stream(body.conversationId);
    await stream.snapshot();
    const startedAt = Date.now();
    child.kill("SIGTERM");
    await stream.ended();
    expect(await exited).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(3000);
    expect(stream.retries).toHaveLength(2);
    expect(stream.retries[1]).toBeGreaterThanOrEqual(500);
    expect(stream.retries[1]).toBeLessThanOrEqual(3500);
  });

  it("lets a send that is under way finish on SIGTERM", async () => {
    const upstream = await startUpstream();
    const slowly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));
    upstream.routes.reply = (exchange) =>
      void slowly().then(() => upstream.standard.reply(exchange, upstream));
    // The answer itself never comes.
    const { url, child, exited } = await serve({ LEX_URL: upstream.url, DRAIN_SECONDS: "3" });
    const visitor = await createVisitor(url);
    const sending = visitor.reply("Hello");
    await eventually("the send", () => upstream.sends()[0]);
    child.kill("SIGTERM");
    expect((await sending).status).toBe(202);
    expect(await exited).toBe(0);
  });
});

describe("close", () => {
  it("refuses new work, and says when to come back", async () => {
    const chat = await startChat();
    const visitor = await createVisitor(chat.url);
    const { conversationId } = await visitor.ask("Hello");
    const stream = await visitor.stream(conversationId);
    await stream.snapshot();
    chat.proxy.close();
    await stream.ended();
    expect(stream.retries).toHaveLength(2);
    for (const answer of [
      await visitor.reply("Hello"),
      await call(`${chat.url}/api/session`, { body: {} }),
      await call(`${chat.url}/readyz`),
    ]) {
      expect(answer).toMatchObject({
        status: 503,
        body: { code: "shutting_down", retryable: true },
      });
      expect(answer.headers.get("retry-after")).toBe("2");
    }
    expect((await visitor.stream(conversationId)).status).toBe(503);
    expect((await call(`${chat.url}/healthz`)).status).toBe(200);
  });

  it("still lets visitors read until nothing listens any more", async () => {
    const chat = await startChat();
    const visitor = await createVisitor(chat.url);
    const { conversationId } = await visitor.ask("Hello");
    await chat.proxy.close();
    expect(await visitor.messages(conversationId)).toHaveLength(2);
    const { body } = await visitor.request(`/${conversationId}/stop`, { method: "POST" });
    expect(body).toEqual({ stopped: false });
  });

  it("ends a stream that still waits for its snapshot", async () => {
    const upstream = await startUpstream();
    const proxy = await startProxy(upstream.url);
    const visitor = await createVisitor(proxy.url);
    const { body } = await visitor.reply("Hello");
    upstream.routes.messages = () => undefined;
    const stream = await visitor.stream(body.conversationId);
    await stream.until("connected", ({ event }) => event === "connected");
    const startedAt = Date.now();
    await proxy.close();
    expect(Date.now() - startedAt).toBeLessThan(1000);
    await stream.ended();
    expect(stream.retries).toHaveLength(2);
  });

  it("does not wait for a socket that a browser opened in advance", async () => {
    const proxy = await startProxy(NOWHERE);
    const socket = createConnection(proxy.port, "127.0.0.1");
    await once(socket, "connect");
    await call(`${proxy.url}/healthz`);
    const startedAt = Date.now();
    await proxy.close();
    expect(Date.now() - startedAt).toBeLessThan(1000);
    socket.destroy();
  });

  it("leaves nothing behind that keeps the process alive", async () => {
    const platform = await startPlatform();
    const script = `
      import { startServer } from "./proxy/index.ts";
      const server = await startServer();
      const page = { method: "POST", headers: { Origin: "${ORIGIN}", "Content-Type": "application/json" } };
      const session = await fetch(server.url + "/api/session", page);
      const { token } = await session.json();
      page.headers.Authorization = "Bearer " + token;
      const sent = await fetch(server.url + "/api/conversations/reply", { ...page, body: '{"content":"Hello"}' });
      const { conversationId } = await sent.json();
      const url = server.url + "/api/conversations/" + conversationId + "/stream";
      const { body } = await fetch(url, { headers: page.headers });
      await body.getReader().read();
      await server.close();
      console.log("closed after", sent.status);
    `;
    const { exited, output } = run(["--input-type=module", "-e", script], {
      ...WORKING,
      LEX_URL: platform.url,
      LOG_LEVEL: "silent",
    });
    expect(await exited).toBe(0);
    expect(output()).toContain("closed after 202");
  });
});

it("goes on when the machine has no room for a connection, and says so", async () => {
  const { url, log } = await startProxy(NOWHERE);
  const { promise: server, resolve } = Promise.withResolvers<Server>();
  const find = (message: unknown): void => resolve((message as { server: Server }).server);
  subscribe("http.server.request.start", find);
  await call(`${url}/healthz`);
  unsubscribe("http.server.request.start", find);
  const full = Object.assign(new Error("accept ENFILE"), { code: "ENFILE", syscall: "accept" });
  for (let count = 0; count < 2; count += 1) (await server).emit("error", full);
  expect((await call(`${url}/healthz`)).status).toBe(200);
  expect(log.filter(({ code }) => code === "ENFILE")).toHaveLength(2);
});
