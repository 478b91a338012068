import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import {
  openPage,
  screenshot,
  startTestDemo,
  type Chat,
  type ChatPageOptions,
} from "../support/demo.ts";
import { startPageServer, type PageServer } from "../support/page-server.ts";

const ADMIN_TOKEN = randomBytes(32).toString("hex");
const SHIPPING = "How much is shipping to Germany?";

describe.skipIf(!findChromium())("what a visitor can do with conversations", () => {
  let browser: Browser;
  let demo: Demo;
  let pages: PageServer;
  let proxy: string;

  beforeAll(async () => {
    pages = await startPageServer();
    [browser, demo] = await Promise.all([
      launchChromium(),
      startTestDemo({
        platform: { thinkingMs: 0 },
        environment: { ADMIN_TOKEN, ALLOWED_ORIGINS: pages.origin },
      }),
    ]);
    proxy = `http://localhost:${demo.proxy.port}`;
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  /** A page whose policy allows nothing but the chat. */
  async function open(attributes = "", options: ChatPageOptions = {}): Promise<Chat> {
    const nonce = randomBytes(16).toString("base64url");
    pages.show(
      `<meta name="viewport" content="width=device-width"><script async nonce="${nonce}" src="${proxy}/widget.js" data-agent-name="Marlow" ${attributes}></script>`,
      {
        "Content-Security-Policy": `default-src 'none'; script-src 'nonce-${nonce}' 'strict-dynamic'; connect-src ${proxy}; require-trusted-types-for 'script'; trusted-types 'none'`,
      },
    );
    return openPage(browser, pages.origin, options);
  }

  async function ask(chat: Chat, question: string): Promise<void> {
    const before = await chat.messages.count();
    await chat.ask(question);
    await chat.messages.nth(before + 1).waitFor();
    await chat.panel.getByRole("button", { name: "Send message" }).waitFor();
  }

  const focused = (chat: Chat) =>
    chat.panel.evaluate((panel) => {
      const { activeElement } = panel.getRootNode() as ShadowRoot;
      return activeElement?.ariaLabel ?? activeElement?.textContent;
    });

  const stored = (chat: Chat) => chat.page.evaluate(() => Object.keys(localStorage));

  const menuOf = ({ panel }: Chat): Locator => panel.getByRole("menu", { name: "Menu" });

  it("uses the menu by keyboard and by mouse, and leaves it by Esc or elsewhere", async () => {
    const chat = await open();
    await chat.open();
    const button = chat.panel.getByRole("button", { name: "Menu" });
    expect(await button.count()).toBe(0);
    await ask(chat, SHIPPING);

    await button.focus();
    await chat.page.keyboard.press("Enter");
    await menuOf(chat).waitFor();
    expect(await focused(chat)).toBe("Conversations");
    await chat.page.keyboard.press("ArrowUp");
    expect(await focused(chat)).toBe("Delete from this browser");
    await screenshot(chat.page, "menu");
    await chat.page.keyboard.press("Escape");
    await menuOf(chat).waitFor({ state: "detached" });
    expect(await focused(chat)).toBe("Menu");

    await button.click();
    await menuOf(chat).waitFor();
    await button.click();
    await menuOf(chat).waitFor({ state: "detached" });
    await button.click();
    await chat.messages.getByText("free from").click();
    await menuOf(chat).waitFor({ state: "detached" });
    await button.click();
    await chat.launcher.click();
    await chat.panel.waitFor({ state: "hidden" });
    await chat.open();
    expect(await menuOf(chat).count()).toBe(0);
    expect(chat.console).toEqual([]);
  });

  it("goes back to an earlier conversation of the list", async () => {
    const chat = await open();
    await chat.open();
    await ask(chat, SHIPPING);
    await chat.panel.getByRole("button", { name: "New conversation" }).click();
    await ask(chat, "Tell me about the Marlow One");
    await chat.page.reload();
    await chat.open();
    await chat.panel.getByRole("button", { name: "Menu" }).click();
    await chat.panel.getByRole("menuitem", { name: "Conversations" }).click();
    const page = chat.panel.getByRole("region", { name: "Conversations" });
    const rows = page.getByRole("listitem").getByRole("button");
    await expect.poll(() => rows.count()).toBe(2);
    expect(await rows.first().getAttribute("aria-current")).toBe("true");
    // What lies under the page can't be reached.
    expect(await chat.input.count()).toBe(0);
    await screenshot(chat.page, "conversations");

    await rows.getByText(SHIPPING).click();
    await chat.panel.getByRole("table").waitFor();
    expect(await chat.messages.count()).toBe(2);
    expect(await focused(chat)).toBe("Message");
    await ask(chat, "And to Norway?");
    expect(await chat.messages.nth(3).textContent()).toContain("€12.90");
    expect(chat.console).toEqual([]);
  });

  it("saves the whole conversation as a text file, on a page that allows nothing but the chat", async () => {
    const chat = await open();
    await chat.open();
    await ask(chat, SHIPPING);
    await ask(chat, "And to Norway?");
    await chat.panel.getByRole("button", { name: "Menu" }).click();
    const [download] = await Promise.all([
      chat.page.waitForEvent("download"),
      chat.panel.getByRole("menuitem", { name: "Download as text" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^Marlow-\d{4}-\d\d-\d\d\.txt$/);
    const text = await readFile(await download.path(), "utf8");
    const said = [...text.matchAll(/^\[.*\d.*\] (You|Marlow) said:$/gm)].map(([, who]) => who);
    expect(said).toEqual(["You", "Marlow", "You", "Marlow"]);
    expect(text.indexOf(SHIPPING)).toBeLessThan(text.indexOf("€4.90"));
    expect(text).toContain("And to Norway?");
    await menuOf(chat).waitFor({ state: "detached" });
    expect(chat.console).toEqual([]);
  });

  it("deletes what the browser stores, after one question, and is another visitor then", async () => {
    const chat = await open();
    await chat.open();
    await ask(chat, SHIPPING);
    expect(await stored(chat)).not.toEqual([]);
    await chat.panel.getByRole("button", { name: "Menu" }).click();
    await chat.panel.getByRole("menuitem", { name: "Delete from this browser" }).click();
    const confirm = chat.panel.getByRole("button", { name: "Delete", exact: true });
    await confirm.waitFor();
    await screenshot(chat.page, "delete");
    expect(await stored(chat)).not.toEqual([]);
    await confirm.click();
    await chat.panel.getByText("Need help with Marlow?").waitFor();
    expect(await stored(chat)).toEqual([]);

    await chat.page.reload();
    await chat.open();
    await chat.panel.getByText("Need help with Marlow?").waitFor();
    expect(await stored(chat)).toEqual([]);
    await ask(chat, "Hello");
    expect(chat.requests.filter((request) => request === "POST /api/session")).toHaveLength(2);
    expect(chat.console).toEqual([]);
  });

  it("deletes it from the other tabs' screens, too, and none of them stores it again", async () => {
    const chat = await open();
    await chat.open();
    await ask(chat, SHIPPING);
    const other = await open("", { context: chat.page.context() });
    await other.open();
    await other.panel.getByRole("table").waitFor();
    await chat.panel.getByRole("button", { name: "Menu" }).click();
    await chat.panel.getByRole("menuitem", { name: "Delete from this browser" }).click();
    await chat.panel.getByRole("button", { name: "Delete", exact: true }).click();
    await other.panel.getByText("Need help with Marlow?").waitFor();
    expect(await other.messages.count()).toBe(0);
    await other.page.close({ runBeforeUnload: true });
    expect(await stored(chat)).toEqual([]);
  });

  it("rates an answer, and the owner's counter knows", async () => {
    const chat = await open();
    await chat.open();
    await ask(chat, SHIPPING);
    const answer = chat.messages.last();
    const good = answer.getByRole("button", { name: "Good answer" });
    await good.click();
    await screenshot(chat.page, "feedback");
    expect(await good.getAttribute("aria-pressed")).toBe("true");
    const metrics = async () => {
      const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
      return (await fetch(`${proxy}/metrics`, { headers })).text();
    };
    await expect.poll(metrics).toContain('lex_chat_feedback_total{rating="up"} 1');
    expect(chat.console).toEqual([]);
  });

  it("asks for consent before anything is requested or stored, once", async () => {
    const attributes = `data-consent="We keep what you write: see our [privacy policy](https://example.com/privacy)." data-suggestions="${SHIPPING}"`;
    const chat = await open(attributes);
    await chat.launcher.click();
    const agree = chat.panel.getByRole("button", { name: "Agree and start" });
    await agree.waitFor();
    await chat.panel.getByRole("button", { name: SHIPPING }).click();
    await screenshot(chat.page, "consent");
    expect(await chat.input.count()).toBe(0);
    expect(chat.requests.filter((request) => request.includes("/api/"))).toEqual([]);
    expect(await stored(chat)).toEqual([]);
    await agree.click();
    await expect.poll(() => chat.input.inputValue()).toBe(SHIPPING);
    expect(await stored(chat)).toEqual([]);
    await chat.input.press("Enter");
    await chat.panel.getByRole("table").waitFor();
    await chat.page.reload();
    await chat.open();
    await chat.panel.getByRole("table").waitFor();
    expect(chat.console).toEqual([]);
  });

  it("hears of a message that nobody asked for while the panel is closed, and keeps its focus", async () => {
    const chat = await open();
    await chat.open();
    await ask(chat, SHIPPING);
    await chat.page.keyboard.press("Escape");
    const { url } = demo.platform ?? { url: "" };
    const headers = { Authorization: "Bearer lex2_demo", "Content-Type": "application/json" };
    const list = await fetch(`${url}/api/conversations`, { headers });
    const { conversations } = (await list.json()) as { conversations: Array<{ id: string }> };
    const body = { content: "It has just left.", conversationId: conversations[0]?.id };
    await fetch(`${url}/demo/proactive`, { method: "POST", headers, body: JSON.stringify(body) });
    await expect.poll(() => chat.launcher.getAttribute("aria-label")).toContain("1");
    await screenshot(chat.page, "unread");
    expect(await chat.panel.isVisible()).toBe(false);
    await chat.open();
    await chat.messages.getByText("It has just left.").waitFor();
    expect(await chat.launcher.getAttribute("aria-label")).toBe("Chat – Marlow");
  });

  it.each([
    ["dark", { colorScheme: "dark" }],
    ["phone", { viewport: { width: 390, height: 844 } }],
  ] satisfies Array<[string, ChatPageOptions]>)("shows it all in %s", async (name, options) => {
    const chat = await open("", options);
    await chat.open();
    await ask(chat, SHIPPING);
    await chat.panel.getByRole("button", { name: "Menu" }).click();
    await menuOf(chat).waitFor();
    await screenshot(chat.page, `menu-${name}`);
    await chat.panel.getByRole("menuitem", { name: "Conversations" }).click();
    await chat.panel.getByRole("listitem").getByText(SHIPPING).waitFor();
    await screenshot(chat.page, `conversations-${name}`);
    await chat.page.keyboard.press("Escape");
    await chat.panel.getByRole("button", { name: "Menu" }).waitFor();
    expect(await focused(chat)).toBe("Menu");
  });
});
