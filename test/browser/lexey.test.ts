import { randomBytes } from "node:crypto";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import type { PlatformOptions } from "../../demo/platform/index.ts";
import { closeLater } from "../support/close-later.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openPage, screenshot, startTestDemo } from "../support/demo.ts";
import { strings as en } from "../../widget/locales/en.ts";

const ADMIN_TOKEN = randomBytes(32).toString("hex");

/** What the owner tells the configuration agent, through the proxy; resolves with the answer's events. */
async function manage(demo: Demo, message: string): Promise<string> {
  const base = `http://localhost:${demo.proxy.port}/api/management/conversations`;
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" };
  const opened = await fetch(base, { method: "POST", headers });
  const { conversationId } = (await opened.json()) as { conversationId: string };
  const body = JSON.stringify({ message });
  const answer = await fetch(`${base}/${conversationId}/messages`, {
    method: "POST",
    headers,
    body,
  });
  return answer.text();
}

describe.skipIf(!findChromium())("the demo on Lexey's API", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function openChat(demo: Demo) {
    const chat = await openPage(browser, demo.site.url);
    await chat.open();
    return chat;
  }

  async function open(platform: PlatformOptions = {}) {
    const demo = await startTestDemo({
      platform,
      environment: { PLATFORM: "lexey", LOG_LEVEL: "silent", ADMIN_TOKEN },
    });
    closeLater(() => demo.close());
    return { demo, chat: await openChat(demo) };
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

  it("shows the shop's next visitor the heading that its owner has just asked for", async () => {
    const { demo, chat } = await open();
    await chat.panel.getByText("Need help with Marlow?").waitFor();
    const answer = await manage(demo, "Please change the welcome heading to 'Still awake?'");
    expect(answer).toContain("[DONE]");

    // The proxy asks the agent again, and the agent takes its time to answer.
    const loads = async () => (await fetch(`http://localhost:${demo.proxy.port}/widget.js`)).text();
    await expect
      .poll(async () => (await loads()).includes("Still awake?"), { timeout: 15_000 })
      .toBe(true);
    const next = await openChat(demo);
    await next.panel.getByText("Still awake?").waitFor();
    await next.panel.getByText("Marlow Support").first().waitFor();
  });

  it("offers a new conversation where one is full, into which the message goes", async () => {
    const { chat } = await open({ messagesPerConversation: 1 });
    await chat.ask("How much is shipping to Germany?");
    await chat.panel.getByRole("link", { name: "Shipping" }).waitFor();
    await chat.panel.getByRole("button", { name: "Send message" }).waitFor();
    await chat.ask("And to Norway?");
    const problem = chat.panel.getByText(en.conversation_full);
    await problem.waitFor();
    await screenshot(chat.page, "conversation-full");

    await chat.messages.getByRole("button", { name: "New conversation" }).click();
    await chat.messages.nth(1).waitFor();
    expect(await chat.messages.first().textContent()).toContain("And to Norway?");
    expect(await problem.count()).toBe(0);
  });

  it("does not cut an answer where that of the conversation before was stopped", async () => {
    const { chat } = await open({ tokensPerSecond: 60 });
    await chat.ask("How much is shipping to Germany?");
    await chat.messages.nth(1).waitFor();
    await chat.panel.getByRole("button", { name: "Stop answering" }).click();
    await chat.messages.getByText("Stopped").waitFor();
    await chat.panel.getByRole("button", { name: "New conversation" }).click();
    await chat.ask("How much is shipping to Germany?");
    // The last thing that the answer says.
    await chat.panel.getByRole("link", { name: "Shipping" }).waitFor();
    expect(await chat.panel.getByText("Stopped").count()).toBe(0);
  });
});
