/** What everybody needs of the chat, in a real browser: axe in every state, and what axe can't see. */
import axe, { type AxeResults, type RunOnly } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { answer, ask, RICH, visitStates } from "../support/chat-states.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openPage, type Chat, type ChatPageOptions } from "../support/demo.ts";
import { startScriptedProxy, type ScriptedProxy } from "../support/scripted-proxy.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

describe.skipIf(!findChromium())("the chat", () => {
  let browser: Browser;
  let proxy: ScriptedProxy;

  beforeAll(async () => {
    [browser, proxy] = await Promise.all([launchChromium(), startScriptedProxy()]);
  });
  afterAll(() => browser?.close());
  beforeEach(() => proxy.reset());

  const open = async (options: ChatPageOptions = {}): Promise<Chat> => {
    const chat = await openPage(browser, proxy.url, { path: "/page", ...options });
    onTestFinished(() => chat.page.context().close());
    return chat;
  };

  /** What axe finds wrong with the widget's element, each with its place. */
  async function violations({ page }: Chat, rules?: string[]): Promise<string[]> {
    if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
    const { violations } = await page.evaluate<AxeResults, RunOnly>(
      (runOnly) =>
        (globalThis as unknown as { axe: typeof axe }).axe.run("lex-chat-widget", {
          preload: false,
          resultTypes: ["violations"],
          runOnly,
        }),
      rules ? { type: "rule", values: rules } : { type: "tag", values: TAGS },
    );
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ failureSummary, target }) => `${id}: ${target.flat().at(-1)} ${failureSummary}`),
    );
  }

  it("has nothing for axe to find, in any state, light or dark", async () => {
    const chat = await open();
    const states: string[] = [];
    for await (const state of visitStates(chat, proxy)) {
      states.push(state);
      expect.soft(await violations(chat), state).toEqual([]);
      await chat.page.emulateMedia({ colorScheme: "dark" });
      expect.soft(await violations(chat, ["color-contrast"]), `${state}, dark`).toEqual([]);
      await chat.page.emulateMedia({ colorScheme: "light" });
    }
    expect(states).toHaveLength(10);
    // It does look into the shadow root.
    await chat.panel.locator(".send").evaluate((button) => button.removeAttribute("aria-label"));
    expect(await violations(chat, ["button-name"])).toHaveLength(1);
  });

  it("is used from beginning to end with the keyboard alone", async () => {
    const chat = await open();
    const { page } = chat;
    const press = async (key: string) => {
      await page.keyboard.press(key);
      return focused(page);
    };
    expect(await press("Tab")).toBe("Chat with Marlow");
    await press("Enter");
    await expect.poll(() => focused(page)).toBe("Message");
    await page.keyboard.type("Do you ship to Austria?");
    await press("Enter");
    await answer(chat, proxy, RICH);

    expect(await press("Shift+Tab")).toMatch(/^curl/);
    expect(await press("ArrowUp")).toMatch(/^You said:/);
    expect(await press("ArrowDown")).toMatch(/^Marlow said:/);
    expect(await press("Tab")).toBe("the rates");
    expect(await press("Tab")).toMatch(/^Country/);
    expect(await press("Tab")).toBe("Copy");
    expect(await press("Tab")).toMatch(/^curl/);
    expect(await press("Tab")).toBe("Message");
    expect(await press("Tab")).toBe("Send message");

    await page.keyboard.press("Escape");
    await expect.poll(() => chat.panel.isVisible()).toBe(false);
    expect(await focused(page)).toBe("Chat with Marlow");
  });

  it("keeps the focus when the button that has it goes away", async () => {
    const chat = await open();
    proxy.refusal = "platform_unavailable";
    await chat.open();
    await chat.ask("Do you ship to Austria?");
    const retry = chat.panel.getByRole("button", { name: "Try again" });
    await retry.focus();
    proxy.refusal = null;
    await chat.page.keyboard.press("Enter");
    await expect.poll(() => retry.count()).toBe(0);
    await expect.poll(() => focused(chat.page)).toBe("Message");
  });

  it("is to assistive technology a dialog with a list, a field and a status, and never a log", async () => {
    const chat = await open();
    await chat.open();
    await ask(chat, proxy);
    const thinking = await accessibilityTree(chat.page);
    expect(thinking.slice(thinking.indexOf("status"))).toEqual(["status", "StaticText Thinking…"]);
    await answer(chat, proxy, "We **ship**. Anything else?");
    const tree = await accessibilityTree(chat.page);
    const texts = /^(StaticText|paragraph|strong|time)\b/;
    expect(tree.filter((line) => !texts.test(line))).toEqual([
      "RootWebArea Page",
      "main",
      "heading A page",
      "button Chat with Marlow",
      "dialog Chat with Marlow",
      "banner",
      "heading Marlow",
      "button New conversation",
      "button Close chat",
      "region Conversation",
      "list",
      expect.stringMatching(/^listitem You said: Do you ship to Austria\?/),
      expect.stringMatching(/^listitem Marlow said: We ship\. Anything else\?/),
      "form",
      "textbox Message",
      "button Send message",
      "status",
    ]);
    expect(tree.at(-1)).toBe("StaticText We ship. Anything else?");
  });
});

/** Roles and names in their order, as Chromium gives them to assistive technology. */
async function accessibilityTree(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const known = new Map(nodes.map((node) => [node.nodeId, node]));
  const list = (id: string): string[] => {
    const { childIds = [], ignored = true, name, role } = known.get(id) ?? {};
    const line = `${role?.value} ${name?.value ?? ""}`.trim();
    const isShown = !ignored && !/^(generic|InlineTextBox)\b/.test(line);
    return [...(isShown ? [line] : []), ...childIds.flatMap(list)];
  };
  return list(nodes[0]?.nodeId ?? "");
}

/** What has the focus, by its name or the beginning of its text. */
const focused = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return (element?.ariaLabel ?? element?.textContent)?.slice(0, 30);
  });
