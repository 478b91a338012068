import { once } from "node:events";
import { appendFileSync, cpSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import express from "express";
import type { Browser, Request } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import { findPinnedLoader } from "../../proxy/built-widget.ts";
import { buildWidget } from "../support/build-widget.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { runCli } from "../support/cli.ts";
import { closeLater } from "../support/close-later.ts";
import { openContext, openPage, startTestDemo } from "../support/demo.ts";
import { startPageServer, type PageServer } from "../support/page-server.ts";
import { makeFolder } from "../support/programs.ts";

/** A copy of the widget's files on another origin than the proxy's, as a site would serve them. */
async function serveCopy() {
  const folder = join(makeFolder(), "widget");
  cpSync(buildWidget(), folder, { recursive: true });
  const setHeaders = (response: express.Response): void => {
    response.set("Access-Control-Allow-Origin", "*");
  };
  const server = express().use("/chat", express.static(folder, { setHeaders })).listen(0);
  await once(server, "listening");
  closeLater(() => (server.close(), server.closeAllConnections()));
  const url = `http://localhost:${(server.address() as AddressInfo).port}/chat`;
  return { url, loader: join(folder, findPinnedLoader(folder)?.path ?? "") };
}

describe.skipIf(!findChromium())("a tag with the loader's hash", () => {
  let browser: Browser;
  let demo: Demo;
  let pages: PageServer;
  let proxy: string;

  beforeAll(async () => {
    pages = await startPageServer();
    const environment = { ALLOWED_ORIGINS: pages.origin, AGENT_NAME: "Of the proxy" };
    [browser, demo] = await Promise.all([launchChromium(), startTestDemo({ environment })]);
    proxy = `http://localhost:${demo.proxy.port}`;
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  /** The page with the tag that the command prints, and nothing else. */
  async function showSnippet(...args: string[]): Promise<void> {
    const environment = {
      PUBLIC_URL: proxy,
      AGENT_NAME: 'Ada "the Agent"',
      WELCOME_HEADING: "As the tag says",
      LIMIT_MESSAGE_CHARACTERS: "40",
    };
    const { out, errors } = await runCli(["snippet", "--sri", ...args], { environment });
    expect(errors).toBe("");
    pages.show(out, { "Cross-Origin-Embedder-Policy": "require-corp" });
  }

  it("runs the proxy's loader, and tells it what the proxy would have told", async () => {
    await showSnippet();
    const chat = await openPage(browser, pages.origin);
    await chat.open();
    await chat.panel.getByText("As the tag says").waitFor();
    await chat.panel.getByText('Ada "the Agent"').first().waitFor();
    await chat.input.fill("x".repeat(41));
    expect(await chat.panel.getByRole("button", { name: "Send message" }).isDisabled()).toBe(true);
    await chat.ask("How much is shipping to Germany?");
    await chat.panel.getByRole("table").waitFor();
    expect(chat.requests[0]).toMatch(/^GET \/assets\/widget-/);
    expect(chat.requests).not.toContain("GET /widget.js");
    expect(chat.console).toEqual([]);
  });

  it("runs a site's own copy: every file comes from there, every call goes to the proxy", async () => {
    const { url } = await serveCopy();
    await showSnippet("--files", url);
    const context = await openContext(browser);
    const requests: string[] = [];
    context.on("request", (request: Request) => requests.push(request.url()));
    const chat = await openPage(browser, pages.origin, { context });
    await chat.open();
    await chat.ask("How much is shipping to Germany?");
    await chat.panel.getByRole("table").waitFor();
    const elsewhere = requests.filter((request) => !request.startsWith(pages.origin));
    const files = elsewhere.filter((request) => request.startsWith(`${url}/assets/`));
    const calls = elsewhere.filter((request) => request.startsWith(`${proxy}/api/`));
    expect(files.length).toBeGreaterThanOrEqual(2);
    expect(calls.length).toBeGreaterThanOrEqual(3);
    expect(files.length + calls.length).toBe(elsewhere.length);
  });

  it("runs nothing when a byte of the loader differs", async () => {
    const { url, loader } = await serveCopy();
    await showSnippet("--files", url);
    appendFileSync(loader, " ");
    const page = await (await openContext(browser)).newPage();
    const errors: string[] = [];
    page.on("console", (message) => errors.push(message.text()));
    await page.goto(pages.origin, { waitUntil: "load" });
    await expect.poll(() => errors.join()).toMatch(/integrity/i);
    expect(await page.locator("lex-chat-widget").count()).toBe(0);
    expect(await page.evaluate(() => "LexChat" in window)).toBe(false);
  });
});
