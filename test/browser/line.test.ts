import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openContext, openPage, screenshot, startTestDemo, type Chat } from "../support/demo.ts";
import { startHoldingProxy } from "../support/holding-proxy.ts";

const QUESTION = "How much is shipping to Germany?";

describe.skipIf(!findChromium())("the line between a visitor and the proxy", () => {
  let browser: Browser;
  let demo: Demo;
  beforeAll(async () => {
    [browser, demo] = await Promise.all([
      launchChromium(),
      startTestDemo({ platform: { tokensPerSecond: 100, thinkingMs: 300 } }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  const open = (context: BrowserContext): Promise<Chat> =>
    openPage(browser, demo.site.url, { context });

  /** Of what the visitor has asked, as it is on the screen. */
  const questions = ({ panel }: Chat): Promise<string[]> =>
    panel.locator("li.message.user .bubble").allTextContents();

  const isAnswered = ({ messages }: Chat, count: number): Promise<void> =>
    messages
      .nth(count - 1)
      .locator("time")
      .waitFor({ timeout: 20_000 });

  it.each([
    ["all of a stream", Infinity],
    ["4 kB of a stream at a time", 4096],
  ])("that holds back %s is polled, and its owner told once", async (_, bytes) => {
    const proxy = `http://localhost:${demo.proxy.port}`;
    const holding = await startHoldingProxy(proxy, bytes);
    const context = await openContext(browser);
    await context.route(`${proxy}/**`, (route) =>
      route.continue({ url: route.request().url().replace(proxy, holding) }),
    );
    const chat = await open(context);
    await chat.open();
    await chat.ask("Hello");
    await isAnswered(chat, 2);
    await chat.ask(QUESTION);
    await isAnswered(chat, 4);
    await chat.messages.nth(3).getByRole("link", { name: "Shipping" }).waitFor();
    expect(await questions(chat)).toEqual(["Hello", QUESTION]);
    expect(await chat.messages.count()).toBe(4);
    expect(await chat.panel.getByText("Connection lost").count()).toBe(0);
    const advice = chat.console.filter((line) => line.includes("proxy_buffering off"));
    expect(advice).toHaveLength(1);
    expect(chat.console.filter((line) => line.startsWith("uncaught"))).toEqual([]);
  });

  it("that is offline lets messages wait, and they go out in order when it is back", async () => {
    const context = await openContext(browser);
    const chat = await open(context);
    await chat.open();
    await chat.ask("Hello");
    await isAnswered(chat, 2);
    await context.setOffline(true);
    await chat.panel.getByText("You're offline.").waitFor();
    await chat.ask("Do you ship to Norway?");
    await chat.ask("Can I pay by invoice?");
    const waiting = () => chat.panel.getByText("Waiting for the connection…").count();
    await expect.poll(waiting, { timeout: 10_000 }).toBe(2);
    await screenshot(chat.page, "line-offline");
    await context.setOffline(false);
    await isAnswered(chat, 6);
    expect(await questions(chat)).toEqual([
      "Hello",
      "Do you ship to Norway?",
      "Can I pay by invoice?",
    ]);
    expect(await chat.panel.getByText("offline").count()).toBe(0);
  });

  it("that is cut in the middle of an answer loses and doubles nothing", async () => {
    const context = await openContext(browser);
    const chat = await open(context);
    await chat.open();
    await chat.ask(QUESTION);
    await chat.messages.nth(1).getByText(/^Here/).waitFor();
    await context.setOffline(true);
    await chat.panel.getByText("You're offline.").waitFor();
    await context.setOffline(false);
    await isAnswered(chat, 2);
    const shown = await chat.messages.nth(1).locator(".markdown").textContent();
    await chat.page.reload();
    await chat.open();
    await isAnswered(chat, 2);
    expect(await chat.messages.nth(1).locator(".markdown").textContent()).toBe(shown);
    expect(await chat.messages.count()).toBe(2);
  });

  it("that is not there when the page is left sends what waits from the next page, unopened", async () => {
    const context = await openContext(browser);
    const first = await open(context);
    await first.open();
    await first.ask("Hello");
    await isAnswered(first, 2);
    await context.setOffline(true);
    await first.panel.getByText("You're offline.").waitFor();
    await first.ask(QUESTION);
    await first.panel.getByText("Waiting for the connection…").waitFor();
    await first.input.fill("And to Norway");
    await first.page.close();
    await context.setOffline(false);

    const next = await open(context);
    await expect
      .poll(() => next.requests, { timeout: 10_000 })
      .toContain("POST /api/conversations/reply");
    await next.open();
    await isAnswered(next, 4);
    expect(await questions(next)).toEqual(["Hello", QUESTION]);
    expect(await next.input.inputValue()).toBe("And to Norway");
  });
});
