import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlatformOptions } from "../../demo/platform/index.ts";
import { closeLater } from "../support/close-later.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openPage, screenshot, startTestDemo } from "../support/demo.ts";
import { en } from "../../widget/locales/en.ts";

describe.skipIf(!findChromium())("the demo on Lexey's API", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function open(platform: PlatformOptions = {}) {
    const demo = await startTestDemo({
      platform,
      environment: { PLATFORM: "lexey", LOG_LEVEL: "silent" },
    });
    closeLater(() => demo.close());
    const chat = await openPage(browser, demo.site.url);
    await chat.open();
    return { demo, chat };
  }

  it("answers in the widget, goes on after a reload, and says that a person takes over", async () => {
    const { chat } = await open();
    await chat.ask("How much is shipping to Germany?");
    await chat.panel.getByRole("link", { name: "Shipping" }).waitFor();
    await chat.panel.getByRole("button", { name: "Send message" }).waitFor();
    await chat.ask("And to Norway?");
    await chat.messages.nth(3).getByText("€12.90").first().waitFor();

    await chat.page.reload();
    await chat.open();
    await chat.messages.nth(3).waitFor();
    expect(await chat.messages.count()).toBe(4);
    await chat.ask("Can I talk to a human?");
    await chat.panel.getByText(en.escalated).waitFor();
    await screenshot(chat.page, "lexey-escalated");
    expect(chat.console).toEqual([]);
  });

  it("shows the answer that a broken stream did not bring to its end", async () => {
    const { chat } = await open({ fault: "reset", faultAfter: 5 });
    await chat.ask("How much is shipping to Germany?");

    await chat.panel.getByRole("link", { name: "Shipping" }).waitFor();
    expect(await chat.messages.count()).toBe(2);
  });
});
