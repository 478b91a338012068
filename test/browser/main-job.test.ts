import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import { startServer } from "../../proxy/server.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openPage, screenshot, startTestDemo } from "../support/demo.ts";

const QUESTION = "How much is shipping to Germany?";

type Seen = { lengths: number[]; activities: string[] };

/**
 * What a person sees of an answer, frame by frame until its closing link: how long its text is, and
 * what the agent is said to do. Begun before the question, because either may last a moment only.
 */
function watchAnswer(page: Page): Promise<Seen> {
  return page.evaluate(() => {
    const root = document.querySelector("lex-chat-widget")?.shadowRoot;
    const seen: Seen = { lengths: [], activities: [] };
    return new Promise<Seen>((resolve) => {
      const sample = (): void => {
        const answer = root?.querySelector("li.message.assistant .markdown");
        const activity = root?.querySelector(".unseen output")?.textContent;
        const length = answer?.textContent.length ?? 0;
        if (length !== seen.lengths.at(-1)) seen.lengths.push(length);
        if (activity && activity !== seen.activities.at(-1)) seen.activities.push(activity);
        if (answer?.querySelector("a")) resolve(seen);
        else requestAnimationFrame(sample);
      };
      sample();
    });
  });
}

describe.skipIf(!findChromium())("the main job in a browser", () => {
  let browser: Browser;
  let demo: Demo;
  let shop: string;

  beforeAll(async () => {
    [browser, demo] = await Promise.all([launchChromium(), startTestDemo()]);
    shop = demo.site.url;
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  it("asks for one script and stores nothing until the visitor comes near the launcher", async () => {
    const { page, requests, launcher } = await openPage(browser, shop);
    await page.waitForTimeout(500);
    expect(requests).toEqual(["GET /widget.js"]);
    expect(
      await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]),
    ).toEqual([0, 0, ""]);
    await launcher.hover();
    await expect.poll(() => requests.length).toBeGreaterThan(1);
    expect(requests.slice(1).every((request) => request.startsWith("GET /assets/"))).toBe(true);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    await screenshot(page, "launcher");
  });

  it("welcomes the visitor in the page's branding, with the focus in the composer", async () => {
    const chat = await openPage(browser, shop);
    await chat.open();
    await chat.panel.getByText("Need help with Marlow?").waitFor();
    expect(await chat.panel.getByText("Marlow Support").first().isVisible()).toBe(true);
    expect(
      await chat.input.evaluate(
        (input) => (input.getRootNode() as ShadowRoot).activeElement === input,
      ),
    ).toBe(true);
    expect(await chat.launcher.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe(
      "rgb(31, 92, 77)",
    );
    expect(await chat.page.evaluate(() => localStorage.length)).toBe(0);
    await screenshot(chat.page, "welcome");
  });

  it("is there in the first frame after the click, and does not fade in behind it", async () => {
    const chat = await openPage(browser, shop);
    await chat.page.emulateMedia({ reducedMotion: "no-preference" });
    await chat.launcher.hover();
    await chat.page.locator("lex-chat-widget textarea").waitFor({ state: "attached" });
    const opacity = await chat.launcher.evaluate((button) => {
      (button as HTMLElement).click();
      const panel = (button.getRootNode() as ShadowRoot).querySelector(".panel") as Element;
      return new Promise((resolve) =>
        requestAnimationFrame(() => resolve(getComputedStyle(panel).opacity)),
      );
    });
    expect(opacity).toBe("1");
  });

  it("streams an answer that grows, shows the tool at work, and keeps it over a reload", async () => {
    const slow = await startTestDemo({ platform: { tokensPerSecond: 80 } });
    const chat = await openPage(browser, slow.site.url);
    await chat.open();
    const watching = watchAnswer(chat.page);
    await chat.ask(QUESTION);
    const { lengths, activities } = await watching;
    const answer = chat.messages.last();
    expect(activities).toEqual(["Thinking…", expect.stringMatching(/^Searching/)]);
    expect(await answer.getByRole("table").isVisible()).toBe(true);
    expect(new Set(lengths).size).toBeGreaterThan(5);
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
    expect(await answer.textContent()).toContain("€4.90");
    await screenshot(chat.page, "answer");

    await chat.page.reload();
    await chat.launcher.waitFor();
    await chat.open();
    await chat.panel.getByRole("table").waitFor();
    expect(await chat.messages.count()).toBe(2);
    expect(await chat.messages.first().textContent()).toContain(QUESTION);
    await slow.close();
  });

  it("goes on with the answer after a reload in the middle of it", async () => {
    const slow = await startTestDemo({ platform: { tokensPerSecond: 40 } });
    const chat = await openPage(browser, slow.site.url);
    await chat.open();
    await chat.ask(QUESTION);
    await chat.messages.getByText(/^Here is/).waitFor();
    await chat.page.reload();
    await chat.open();
    await chat.panel.getByRole("link", { name: "Shipping" }).waitFor();
    expect(await chat.messages.count()).toBe(2);
    expect((await chat.messages.nth(1).textContent())?.match(/Here is/g)).toHaveLength(1);
    await slow.close();
  });

  it("follows the conversation", async () => {
    const chat = await openPage(browser, shop);
    await chat.open();
    await chat.ask("Tell me about the Marlow One");
    await chat.panel
      .getByText(/grinder/i)
      .first()
      .waitFor();
    await chat.panel.getByRole("button", { name: "Send message" }).waitFor();
    await chat.ask("and how much is it?");
    await chat.messages.nth(3).getByText("€129").first().waitFor();
  });

  it("lets a message wait while the proxy is down, and sends it once when it is back", async () => {
    const own = await startTestDemo();
    const chat = await openPage(browser, own.site.url);
    await chat.open();
    await chat.ask("Hello");
    await chat.messages.nth(1).waitFor();
    await chat.panel.getByRole("button", { name: "Send message" }).waitFor();

    const { port, proxy } = own.proxy;
    await own.proxy.close();
    // What is posted in the last moment may have arrived, and is the visitor's to send again.
    await chat.panel.getByText("Connection lost").waitFor({ state: "attached" });
    await chat.ask(QUESTION);
    await chat.panel.getByText("Waiting for the connection…").waitFor();
    await screenshot(chat.page, "waiting");

    const restarted = await startServer(
      {
        port,
        host: "127.0.0.1",
        logLevel: "silent",
        allowedOrigins: own.site.url,
        sessionSecret: proxy.config.sessionSecret,
        lexUrl: proxy.config.lexUrl,
        lexApiKey: proxy.config.platformKey,
      },
      {},
    );
    await chat.panel.getByRole("table").waitFor({ timeout: 20_000 });
    expect(await chat.panel.getByText(QUESTION).count()).toBe(1);
    await restarted.close();
    await own.platform?.close();
    await own.site.close();
  });

  it("closes with Esc and gives the focus back to the launcher", async () => {
    const chat = await openPage(browser, shop);
    await chat.open();
    await chat.page.keyboard.press("Escape");
    await expect.poll(() => chat.panel.isVisible()).toBe(false);
    expect(
      await chat.launcher.evaluate(
        (button) => (button.getRootNode() as ShadowRoot).activeElement === button,
      ),
    ).toBe(true);
  });

  it("takes new branding at run time", async () => {
    const chat = await openPage(browser, shop);
    await chat.open();
    await chat.page.evaluate(() => {
      const { LexChat } = globalThis as unknown as {
        LexChat: (command: string, ...rest: unknown[]) => void;
      };
      LexChat("update", {
        welcomeHeading: "Still looking?",
        agentName: "Juno",
        primaryColor: "#ffcc00",
      });
    });
    await chat.panel.getByText("Still looking?").waitFor();
    await chat.panel.getByText("Juno").first().waitFor();
    const colors = await chat.launcher.evaluate((button) => [
      getComputedStyle(button).backgroundColor,
      getComputedStyle(button).color,
    ]);
    expect(colors[0]).toBe("rgb(255, 204, 0)");
    expect(colors[1]).not.toBe("rgb(255, 255, 255)");
  });

  it("starts a new conversation and forgets nothing of the platform's", async () => {
    const chat = await openPage(browser, shop);
    await chat.open();
    await chat.ask("Hello");
    await chat.messages.nth(1).waitFor();
    await chat.panel.getByRole("button", { name: "New conversation" }).click();
    await chat.panel.getByText("Need help with Marlow?").waitFor();
    await chat.ask(QUESTION);
    await chat.panel.getByRole("table").waitFor();
    expect(await chat.messages.count()).toBe(2);
  });

  it("stops an answer at once, and the rest of it stays away after a reload", async () => {
    const slow = await startTestDemo({ platform: { tokensPerSecond: 15 } });
    const chat = await openPage(browser, slow.site.url);
    await chat.open();
    await chat.ask(QUESTION);
    await chat.messages.getByText(/^Here is/).waitFor();
    await chat.panel.getByRole("button", { name: "Stop answering" }).click();
    await chat.panel.getByRole("button", { name: "Send message" }).waitFor();
    const cut = (await chat.messages.nth(1).textContent()) ?? "";
    await chat.page.waitForTimeout(1000);
    expect(await chat.messages.nth(1).textContent()).toBe(cut);
    await chat.page.reload();
    await chat.open();
    await chat.messages.getByText(/^Here is/).waitFor();
    expect(await chat.panel.getByRole("table").count()).toBe(0);
    await slow.close();
  });

  it("fills a phone's screen and leaves the page behind as it was", async () => {
    const chat = await openPage(browser, shop, { viewport: { width: 390, height: 844 } });
    const scroll = await chat.page.evaluate(() => (window.scrollTo(0, 300), window.scrollY));
    await chat.open();
    const box = await chat.panel.boundingBox();
    expect(box).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    await chat.ask(QUESTION);
    await chat.panel.getByRole("link", { name: "Shipping" }).waitFor();
    await screenshot(chat.page, "phone");
    await chat.panel.getByRole("button", { name: "Close chat" }).click();
    expect(await chat.page.evaluate(() => window.scrollY)).toBe(scroll);
    expect(await chat.page.evaluate(() => document.body.getAttribute("style"))).toBeNull();
  });

  it("is readable in dark mode", async () => {
    const chat = await openPage(browser, shop, { colorScheme: "dark" });
    await chat.open();
    await chat.ask(QUESTION);
    await chat.panel.getByRole("link", { name: "Shipping" }).waitFor();
    await screenshot(chat.page, "dark");
    const background = await chat.panel.evaluate(
      (panel) => getComputedStyle(panel).backgroundColor,
    );
    const [red = 255] = background.match(/\d+/g)?.map(Number) ?? [];
    expect(red).toBeLessThan(60);
  });

  it.each([
    "/variants/strict-csp.html",
    "/variants/plain.html",
    "/variants/rtl.html",
    "/variants/dark.html",
  ])("works on %s without a violation", async (path) => {
    const chat = await openPage(browser, shop, { path });
    await chat.open();
    await chat.ask(QUESTION);
    await chat.panel.getByRole("table").waitFor();
    expect(chat.console).toEqual([]);
    await screenshot(chat.page, path.replaceAll(/\/variants\/|\.html/g, "variant-"));
  });

  it("never shows the key to the browser", async () => {
    const context = await browser.newContext();
    const bodies: Array<Promise<string>> = [];
    context.on("response", (response) => {
      const isStream = response.headers()["content-type"]?.startsWith("text/event-stream");
      bodies.push(Promise.resolve(JSON.stringify(response.headers())));
      if (!isStream) bodies.push(response.text().catch(() => ""));
    });
    const chat = await openPage(browser, shop, { context });
    await chat.open();
    await chat.ask(QUESTION);
    await chat.panel.getByRole("table").waitFor();
    const seen = [
      ...(await Promise.all(bodies)),
      await chat.page.content(),
      await chat.panel.innerHTML(),
      await chat.page.evaluate(() => JSON.stringify(localStorage)),
    ];
    expect(seen.length).toBeGreaterThan(8);
    expect(seen.filter((text) => text.includes("lex2_"))).toEqual([]);
    await context.close();
  });
});
