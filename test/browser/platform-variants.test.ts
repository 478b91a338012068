import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlatformOptions } from "../../demo/platform/index.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openPage, startTestDemo } from "../support/demo.ts";

/** Each alone, and all others, are in test/integration/proxy/main-job.test.ts: a page sees no difference. */
const WORKS: Array<[string, PlatformOptions, NodeJS.ProcessEnv?]> = [
  [
    "wraps its events, has no stream before the first message, and does not name that",
    { framing: "envelope", streamBeforeFirstMessage: "404", messageId: "absent" },
  ],
  ["is Lexey without ids", { ids: "missing" }, { PLATFORM: "lexey" }],
];

describe.skipIf(!findChromium())("the main job with a platform that", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it.each(WORKS)("%s", async (_name, platform, environment = {}) => {
    const demo = await startTestDemo({ platform, environment });
    const chat = await openPage(browser, demo.site.url);
    await chat.open();
    await chat.ask("How much is shipping to Germany?");
    await chat.panel.getByRole("link", { name: "Shipping" }).waitFor();
    await chat.panel.getByRole("button", { name: "Send message" }).waitFor();
    await chat.ask("And to Norway?");
    await chat.messages.nth(3).getByText("€12.90").first().waitFor();
    expect(await chat.messages.count()).toBe(4);

    await chat.page.reload();
    await chat.open();
    await chat.messages.nth(3).waitFor();
    expect(await chat.messages.count()).toBe(4);
    expect(chat.console).toEqual([]);
    await demo.close();
  });

  it("does not know a conversation before it is made is not used: visitors can't be kept apart there", async () => {
    const demo = await startTestDemo({
      platform: { unknownConversation: "404" },
      environment: { LOG_LEVEL: "silent" },
    });
    const chat = await openPage(browser, demo.site.url);
    await chat.open();
    await chat.ask("How much is shipping to Germany?");
    await chat.panel.getByText("The chat is unavailable at the moment.").first().waitFor();
    expect(await chat.panel.getByRole("table").count()).toBe(0);
    await demo.close();
  });
});
