import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlatformOptions } from "../../demo/platform/index.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openPage, startTestDemo } from "../support/demo.ts";

const WORKS: Array<[string, PlatformOptions, NodeJS.ProcessEnv?]> = [
  ["names its events in the SSE field", { framing: "named" }],
  ["names its events in the JSON", { framing: "typed" }],
  ["wraps its events in an envelope", { framing: "envelope" }],
  ["has no stream before the first message", { streamBeforeFirstMessage: "404" }],
  ["accepts a message without naming its id", { messageId: "absent" }],
  [
    "does all of that at once",
    { framing: "envelope", streamBeforeFirstMessage: "404", messageId: "absent" },
  ],
  ["is Lexey without ids", { ids: "missing" }, { PLATFORM: "lexey" }],
];

const REFUSES: Array<[string, PlatformOptions]> = [
  ["answers 404 for a conversation it does not know", { unknownConversation: "404" }],
  ["puts an unknown conversation into its default channel", { unknownConversation: "default" }],
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

  it.each(REFUSES)(
    "%s is not used: visitors can't be kept apart there",
    async (_name, platform) => {
      const demo = await startTestDemo({ platform, environment: { LOG_LEVEL: "silent" } });
      const chat = await openPage(browser, demo.site.url);
      await chat.open();
      await chat.ask("How much is shipping to Germany?");
      await chat.panel.getByText("The chat is unavailable at the moment.").first().waitFor();
      expect(await chat.panel.getByRole("table").count()).toBe(0);
      await demo.close();
    },
  );
});
