/** What a visitor meets on Lexey only: conversations that are full, and people who take over. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlatformOptions } from "../../demo/platform/index.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openPage, screenshot, startTestDemo } from "../support/demo.ts";

const QUESTION = "How much is shipping to Germany?";

describe.skipIf(!findChromium())("on Lexey", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function start(platform: PlatformOptions = {}) {
    const demo = await startTestDemo({ platform, environment: { PLATFORM: "lexey" } });
    const chat = await openPage(browser, demo.site.url);
    await chat.open();
    return { demo, chat };
  }

  it("a full conversation offers a new one, into which the message goes", async () => {
    const { demo, chat } = await start({ messagesPerConversation: 1 });
    await chat.ask(QUESTION);
    await chat.panel.getByRole("table").waitFor();
    await chat.panel.getByRole("button", { name: "Send message" }).waitFor();
    await chat.ask("And to Norway?");
    const problem = chat.panel.getByText("This conversation is full.");
    await problem.waitFor();
    await screenshot(chat.page, "conversation-full");

    await chat.messages.getByRole("button", { name: "New conversation" }).click();
    await chat.messages.nth(1).waitFor();
    expect(await chat.messages.first().textContent()).toContain("And to Norway?");
    await chat.panel.getByRole("button", { name: "Send message" }).waitFor();
    expect(await chat.messages.count()).toBe(2);
    expect(await problem.count()).toBe(0);
    await demo.close();
  });

  it("a visitor is told that a person takes over, also after a reload", async () => {
    const { demo, chat } = await start();
    await chat.ask("I want to speak to a human about my refund, now!");
    const note = chat.panel.getByText("You're being passed to a person.");
    await note.waitFor();
    await screenshot(chat.page, "passed-to-a-person");
    await chat.page.reload();
    await chat.open();
    await note.waitFor();
    await demo.close();
  });

  it("an answer that was stopped does not cut the one of the next conversation", async () => {
    const { demo, chat } = await start({ tokensPerSecond: 60 });
    await chat.ask(QUESTION);
    await chat.messages.nth(1).waitFor();
    await chat.panel.getByRole("button", { name: "Stop answering" }).click();
    await chat.panel.getByText("Stopped").waitFor();
    await chat.panel.getByRole("button", { name: "New conversation" }).click();
    await chat.ask(QUESTION);
    // The last thing that the answer says.
    await chat.panel.getByRole("link", { name: "Shipping" }).waitFor();
    expect(await chat.panel.getByText("Stopped").count()).toBe(0);
    await demo.close();
  });
});
