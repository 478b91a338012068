import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlatformOptions } from "../../demo/platform/index.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { closeLater } from "../support/close-later.ts";
import { openPage, screenshot, startTestDemo, type Chat } from "../support/demo.ts";
import { startProxyProcess, type ProxyProcess } from "../support/proxy-process.ts";

const QUESTION = "How much is shipping to Germany?";
const REPLY = "**/api/conversations/reply";

/** The demo, with its proxy as a process that can be killed and started again at the same address. */
async function start(platform: PlatformOptions = {}) {
  const demo = await startTestDemo({ platform });
  closeLater(() => demo.close());
  await demo.proxy.close();
  const { port } = demo.proxy;
  const startProxy = (): Promise<ProxyProcess> =>
    startProxyProcess({
      PORT: String(port),
      LEX_URL: demo.platform?.url ?? "",
      LEX_API_KEY: "lex2_demo",
      ALLOWED_ORIGINS: demo.site.url,
    });
  return { site: demo.site.url, proxy: await startProxy(), startProxy };
}

/** The first question and its whole answer. */
async function talk(chat: Chat): Promise<void> {
  await chat.open();
  await chat.ask("Hello");
  await chat.messages.nth(1).locator("time").waitFor();
}

/** Frame by frame, until an answer has a link: whether its text ever got shorter, or an alert was seen. */
function watch({ page }: Chat): Promise<{ shrinks: number; alerts: number }> {
  return page.evaluate(() => {
    const root = document.querySelector("lex-chat-widget")?.shadowRoot;
    const seen = { shrinks: 0, alerts: 0 };
    let length = 0;
    return new Promise((resolve) => {
      const sample = (): void => {
        const answer = root?.querySelector("li.message:nth-last-child(1 of .message) .markdown");
        const now = answer?.textContent.length ?? 0;
        if (now < length) seen.shrinks += 1;
        if (root?.querySelector("[role=alert]")) seen.alerts += 1;
        length = now;
        if (answer?.querySelector("a")) resolve(seen);
        else requestAnimationFrame(sample);
      };
      sample();
    });
  });
}

/** What was sent into a conversation, as the platform keeps it. */
const sent = (chat: Chat): Promise<string[]> =>
  chat.page.evaluate(async () => {
    const key = Object.keys(localStorage).find((key) => !key.includes(" ")) ?? "";
    const { token, conversation } = JSON.parse(localStorage.getItem(key) ?? "") as {
      token: string;
      conversation: string;
    };
    const url = `${key.replace("lex-chat:", "")}api/conversations/${conversation}/messages`;
    const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
    const { messages } = (await response.json()) as {
      messages: { role: string; content: string }[];
    };
    return messages.filter(({ role }) => role === "user").map(({ content }) => content);
  });

describe.skipIf(!findChromium())("a restart of the proxy", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it.each(["SIGTERM", "SIGKILL"] as const)(
    "by %s in the middle of an answer takes nothing off the screen, and the answer comes to its end",
    async (signal) => {
      const { site, proxy, startProxy } = await start({ tokensPerSecond: 25 });
      const chat = await openPage(browser, site);
      await chat.open();
      const watching = watch(chat);
      await chat.ask(QUESTION);
      await chat.messages.getByText(/^Here is/).waitFor();
      await proxy.end(signal);
      await startProxy();
      expect(await watching).toEqual({ shrinks: 0, alerts: 0 });
      await chat.panel.getByRole("button", { name: "Send message" }).waitFor();
      expect(await chat.messages.count()).toBe(2);
      expect((await chat.messages.nth(1).textContent())?.match(/Here is/g)).toHaveLength(1);
      await screenshot(chat.page, `restart-${signal}`);
    },
  );

  it("delays a message that is sent meanwhile, and no more than that", async () => {
    const { site, proxy, startProxy } = await start();
    const chat = await openPage(browser, site);
    await talk(chat);
    await proxy.end("SIGKILL");
    await chat.panel.getByText("Connection lost").waitFor({ state: "attached" });
    const watching = watch(chat);
    await chat.ask(QUESTION);
    await chat.panel.getByText("Waiting for the connection…").waitFor();
    await startProxy();
    expect((await watching).alerts).toBe(0);
    expect(await sent(chat)).toEqual(["Hello", QUESTION]);
    expect(await chat.panel.getByText(QUESTION).count()).toBe(1);
  });

  it("after a message arrived whose answer did not shows it once, as sent", async () => {
    const { site, proxy, startProxy } = await start();
    const chat = await openPage(browser, site);
    await talk(chat);
    await chat.page.route(REPLY, async (route) => {
      await route.fetch();
      await proxy.end("SIGKILL");
      await route.abort("connectionreset");
    });
    await chat.ask(QUESTION);
    await startProxy();
    await chat.panel.getByRole("link", { name: "Shipping" }).waitFor({ timeout: 20_000 });
    expect(await chat.panel.getByRole("alert").count()).toBe(0);
    expect(await chat.messages.count()).toBe(4);
    expect(await sent(chat)).toEqual(["Hello", QUESTION]);
  });

  it("before a message arrived leaves it to the visitor to send it again, and it is there once", async () => {
    const { site, proxy, startProxy } = await start();
    const chat = await openPage(browser, site);
    await talk(chat);
    let posts = 0;
    await chat.page.route(REPLY, async (route) => {
      posts += 1;
      if (posts > 1) return route.continue();
      await proxy.end("SIGKILL");
      return route.abort("connectionreset");
    });
    await chat.ask(QUESTION);
    const again = chat.panel.getByRole("button", { name: "Send again" });
    await again.waitFor();
    await screenshot(chat.page, "restart-unsure");
    await startProxy();
    await chat.panel.getByText("Connection lost").waitFor({ state: "detached", timeout: 20_000 });
    expect(posts).toBe(1);
    await again.click();
    await chat.panel.getByRole("link", { name: "Shipping" }).waitFor();
    expect(await sent(chat)).toEqual(["Hello", QUESTION]);
    expect(await chat.panel.getByText(QUESTION).count()).toBe(1);
  });

  it("that forgets a stop does not bring the rest of the answer back, in no tab", async () => {
    const { site, proxy, startProxy } = await start({ tokensPerSecond: 30 });
    const chat = await openPage(browser, site);
    await chat.open();
    await chat.ask(QUESTION);
    await chat.messages.getByText(/^Here is/).waitFor();
    await chat.panel.getByRole("button", { name: "Stop answering" }).click();
    await chat.messages.getByText("Stopped").waitFor();
    const text = await chat.messages.nth(1).locator(".markdown").textContent();
    // The platform accepts the next message when it has finished with this one.
    await chat.ask("Hello");
    await chat.messages.nth(3).locator("time").waitFor({ timeout: 20_000 });
    await proxy.end("SIGTERM");
    await startProxy();

    const other = await openPage(browser, site, { context: chat.page.context() });
    await chat.page.reload();
    for (const tab of [chat, other]) {
      await tab.open();
      await tab.messages.nth(3).waitFor();
      expect(await tab.messages.nth(1).locator(".markdown").textContent()).toBe(text);
      expect(await tab.messages.nth(1).getByText("Stopped").count()).toBe(1);
    }
  });
});
