import { readdirSync } from "node:fs";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openContext, startTestDemo } from "../support/demo.ts";
import { violationsOf, watchViolations } from "../support/page-server.ts";

const VARIANTS = readdirSync(new URL("../../demo/site/variants", import.meta.url));

describe.skipIf(!findChromium())("the demo's page", () => {
  let browser: Browser;
  let demo: Demo;

  beforeAll(async () => {
    [browser, demo] = await Promise.all([launchChromium(), startTestDemo()]);
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  async function open(name: string): Promise<{ page: Page; console: string[] }> {
    const context = await openContext(browser, { viewport: { width: 1280, height: 800 } });
    await watchViolations(context);
    const page = await context.newPage();
    const console: string[] = [];
    page.on("console", (message) => console.push(message.text()));
    page.on("pageerror", ({ message }) => console.push(message));
    await page.goto(`${demo.site.url}/variants/${name}`);
    await page.waitForFunction(() => document.querySelector("lex-chat-widget"));
    return { page, console };
  }

  it.each(VARIANTS)("%s shows a chat that opens, and nothing is refused", async (name) => {
    const { page, console } = await open(name);
    // The package has no global.
    if (name === "react.html") await page.locator("button.launcher").click();
    else await page.evaluate(() => window.LexChat?.("open"));
    await page.getByRole("dialog").locator(".header").waitFor();
    for (const inline of await page.locator("lex-chat").all())
      await inline.locator(".header").waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect(console).toEqual([]);
  });

  it("theming.html changes the chat's font, corners, size and parts", async () => {
    const { page } = await open("theming.html");
    await page.locator("button.launcher").click();
    const panel = page.getByRole("dialog");
    await panel.getByRole("textbox").waitFor();
    const read = (selector: string) =>
      page.locator(selector).evaluate((element) => {
        const { fontFamily, borderRadius, width, height } = getComputedStyle(element);
        return { fontFamily, borderRadius, width, height };
      });
    expect(await read("dialog.panel")).toMatchObject({
      fontFamily: expect.stringContaining("Palatino"),
      borderRadius: "4px",
      width: "440px",
      height: "560px",
    });
    expect(await read("button.launcher")).toMatchObject({ borderRadius: "8px" });
    expect(await read("form.composer")).toMatchObject({ borderRadius: "4px" });
  });

  it("inline.html shows the chat in the size that the page gives it", async () => {
    const { page } = await open("inline.html");
    const panel = page.locator("lex-chat .panel");
    await panel.getByRole("textbox").waitFor();
    expect(await panel.boundingBox()).toEqual(await page.locator("lex-chat").boundingBox());
  });

  it("own-button.html opens the chat by the page's button, and hears what happens", async () => {
    const { page } = await open("own-button.html");
    expect(await page.locator("button.launcher").count()).toBe(0);
    await page.getByRole("button", { name: "Chat with us" }).click();
    await page.getByText("The chat is open.").waitFor();
    await page.getByRole("dialog").getByRole("textbox").fill("Hello");
    await page.keyboard.press("Enter");
    await page.getByText("Marlow has answered.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("The chat is closed.").waitFor();
  });

  it("react.html's chat follows its component's options and place, and tells it of answers", async () => {
    const { page, console } = await open("react.html");
    const launcher = page.locator("button.launcher");
    const color = () => launcher.evaluate((button) => getComputedStyle(button).backgroundColor);
    await expect.poll(color).toBe("rgb(31, 92, 77)");
    await page.getByLabel("has the colour").selectOption("Clay");
    await expect.poll(color).toBe("rgb(156, 74, 36)");

    await launcher.click();
    const panel = page.getByRole("dialog");
    expect(await panel.evaluate((it) => getComputedStyle(it).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    const ask = async (chat: Locator, answers: number) => {
      await chat.getByRole("textbox").fill("Hello");
      await page.keyboard.press("Enter");
      await page.getByText(`Answers so far: ${answers}`).waitFor();
    };
    await ask(panel, 1);
    await ask(panel, 2);
    await page.getByLabel("is part of the page").check();
    await ask(page.locator("lex-chat-inline"), 3);
    expect(await page.locator("lex-chat-widget").count()).toBe(0);
    expect(console).toEqual([]);
  });

  it("react.html has one chat or none, however often its component comes and goes", async () => {
    const { page, console } = await open("react.html");
    const toggle = (times: number) =>
      page.getByLabel("is there").evaluate(async (box: HTMLInputElement, times) => {
        for (let time = 0; time < times; time += 1) {
          box.click();
          await new Promise(requestAnimationFrame);
        }
      }, times);
    const chats = page.locator("lex-chat-widget");
    await toggle(6);
    await expect.poll(() => chats.count()).toBe(1);
    await page.getByLabel("has the colour").selectOption("Night");
    await expect
      .poll(() => chats.locator("button").evaluate((it) => getComputedStyle(it).backgroundColor))
      .toBe("rgb(29, 36, 51)");
    await toggle(1);
    await expect.poll(() => chats.count()).toBe(0);
    expect(console).toEqual([]);
  });
});
