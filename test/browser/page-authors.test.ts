import { randomBytes } from "node:crypto";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openPage, startTestDemo, type Chat } from "../support/demo.ts";
import { startPageServer, type PageServer } from "../support/page-server.ts";

describe.skipIf(!findChromium())("what a page's author sees", () => {
  let browser: Browser;
  let demo: Demo;
  let pages: PageServer;

  beforeAll(async () => {
    pages = await startPageServer();
    [browser, demo] = await Promise.all([
      launchChromium(),
      startTestDemo({
        environment: {
          ALLOWED_ORIGINS: pages.origin,
          WELCOME_HEADING: "From the proxy",
          AGENT_NAME: "Proxy Agent",
          PRIMARY_COLOR: "#7c3aed",
        },
      }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  /** A page of its own whose script tag has exactly these attributes. */
  function openWith(attributes: string): Promise<Chat> {
    pages.show(
      `<script async src="http://localhost:${demo.proxy.port}/widget.js" ${attributes}></script>`,
    );
    return openPage(browser, pages.origin);
  }

  it("takes the proxy's branding where the tag says nothing, and the tag's where it does", async () => {
    const chat = await openWith('data-agent-name="Tag Agent"');
    await chat.open();
    await chat.panel.getByText("From the proxy").waitFor();
    await chat.panel.getByText("Tag Agent").first().waitFor();
    expect(await chat.launcher.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe(
      "rgb(124, 58, 237)",
    );
    expect(chat.console).toEqual([]);
  });

  it.each([
    ['data-primary-color="greenish"', ["data-primary-color", "greenish"]],
    ['data-primary-colour="#123456"', ["data-primary-colour", "data-primary-color"]],
  ])(
    "prints one line for %s when the chat is opened, and uses the default",
    async (attributes, words) => {
      const chat = await openWith(attributes);
      await chat.open();
      expect(await chat.panel.isVisible()).toBe(true);
      await expect.poll(() => chat.console.length).toBe(1);
      expect(chat.console[0]).toContain("[lex-chat]");
      for (const word of words) expect(chat.console[0]).toContain(word);
    },
  );

  it("says nothing about attributes of other tools", async () => {
    const chat = await openWith('data-cf-beacon="x" data-turbo-track="reload" data-id="1"');
    await chat.open();
    expect(chat.console).toEqual([]);
  });

  it("draws one chat when the tag is there twice", async () => {
    const chat = await openWith(
      `></script><script async src="http://localhost:${demo.proxy.port}/widget.js"`,
    );
    await chat.page.waitForTimeout(500);
    expect(await chat.page.locator("button.launcher").count()).toBe(1);
  });

  it("runs commands that were queued before the script came, and leaves nothing after destroy", async () => {
    const chat = await openWith(
      `></script><script>window.LexChat ||= function () { (LexChat.q ||= []).push(arguments) }; LexChat("open"); LexChat("update", { welcomeHeading: "Queued" })</script><script`,
    );
    await chat.panel.getByText("Queued").waitFor();
    await chat.page.evaluate(() =>
      (globalThis as unknown as { LexChat: (command: string) => void }).LexChat("destroy"),
    );
    await expect.poll(() => chat.page.locator("button.launcher").count()).toBe(0);
    expect(await chat.page.evaluate(() => document.body.children.length)).toBe(
      await chat.page.evaluate(() => document.querySelectorAll("body > h1, body > script").length),
    );
  });

  it("reads in the console which origin to allow, and the visitor reads a calm line", async () => {
    const closed = await startTestDemo({
      environment: { ALLOWED_ORIGINS: "https://www.example.com" },
    });
    const chat = await openPage(browser, closed.site.url);
    await chat.open();
    await chat.ask("Hello");
    await chat.panel.getByText("The chat is unavailable at the moment.").first().waitFor();
    const line = chat.console.find((text) => text.includes("[lex-chat]"));
    expect(line).toContain(closed.site.url);
    expect(line).toContain("ALLOWED_ORIGINS");
    await closed.close();
  });

  it("shows text as text: nothing an agent or visitor writes becomes markup", async () => {
    const attack = `<img src=x onerror="window.hacked=1"> [click](javascript:window.hacked=1) ${randomBytes(4).toString("hex")}`;
    const chat = await openWith("");
    await chat.open();
    await chat.ask(attack);
    await chat.messages.nth(1).waitFor();
    expect(await chat.panel.locator("img").count()).toBe(0);
    expect(await chat.panel.locator('a[href^="javascript"]').count()).toBe(0);
    expect(await chat.page.evaluate(() => "hacked" in window)).toBe(false);
  });
});
