/** What everybody needs of the chat, in a real browser: axe in every state, and what axe can't see. */
import axe, { type AxeResults, type RunOnly } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { agent, answer, ask, CONSENT, RICH, visitStates } from "../support/chat-states.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openPage, type Chat, type ChatPageOptions } from "../support/demo.ts";
import { startScriptedProxy, type ScriptedProxy } from "../support/scripted-proxy.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The machine may be busy. */
const PATIENT = { timeout: 15_000 };

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
    proxy.page.script = CONSENT;
    const chat = await open();
    const states: string[] = [];
    for await (const state of visitStates(chat, proxy)) {
      states.push(state);
      expect.soft(await violations(chat), state).toEqual([]);
      await chat.page.emulateMedia({ colorScheme: "dark" });
      expect.soft(await violations(chat, ["color-contrast"]), `${state}, dark`).toEqual([]);
      await chat.page.emulateMedia({ colorScheme: "light" });
    }
    expect(states).toHaveLength(15);
    // It does look into the shadow root.
    await chat.panel.locator(".send").evaluate((button) => button.removeAttribute("aria-label"));
    expect(await violations(chat, ["button-name"])).toHaveLength(1);
    // Thirty runs of axe: five seconds, on a busy machine a minute.
  }, 180_000);

  it("is used from beginning to end with the keyboard alone", async () => {
    const chat = await open();
    const { page } = chat;
    const press = async (key: string) => {
      await page.keyboard.press(key);
      return focused(page);
    };
    expect(await press("Tab")).toBe("Chat – Marlow");
    await press("Enter");
    await expect.poll(() => focused(page), PATIENT).toBe("Message");
    await page.keyboard.type("Do you ship to Austria?");
    await press("Enter");
    await answer(chat, proxy, RICH);

    await chat.panel.getByRole("button", { name: "Bad answer" }).waitFor();
    expect(await press("Shift+Tab")).toBe("Bad answer");
    expect(await press("ArrowUp")).toMatch(/^You said:/);
    expect(await press("ArrowDown")).toMatch(/^Marlow said:/);
    expect(await press("Tab")).toBe("the rates");
    expect(await press("Tab")).toMatch(/^Country/);
    expect(await press("Tab")).toBe("Copy");
    expect(await press("Tab")).toMatch(/^curl/);
    for (const tool of ["Copy", "Good answer", "Bad answer"]) expect(await press("Tab")).toBe(tool);
    expect(await press("Tab")).toBe("Message");
    expect(await press("Tab")).toBe("Send message");

    await page.keyboard.press("Escape");
    await expect.poll(() => chat.panel.isVisible(), PATIENT).toBe(false);
    expect(await focused(page)).toBe("Chat – Marlow");
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
    await expect.poll(() => retry.count(), PATIENT).toBe(0);
    await expect.poll(() => focused(chat.page), PATIENT).toBe("Message");
  });

  it("is to assistive technology a dialog with a list, a field and a status, and never a log", async () => {
    const chat = await open();
    await chat.open();
    await ask(chat, proxy);
    const thinking = await accessibilityTree(chat.page);
    expect(thinking.slice(thinking.indexOf("status"))).toEqual(["status", "StaticText Thinking…"]);
    await answer(chat, proxy, "We **ship**. Anything else?");
    await chat.panel.getByRole("button", { name: "Bad answer" }).waitFor();
    const tree = await accessibilityTree(chat.page);
    const texts = /^(StaticText|paragraph|strong|time)\b/;
    expect(tree.filter((line) => !texts.test(line))).toEqual([
      "RootWebArea Page",
      "main",
      "heading A page",
      "button Chat – Marlow",
      "dialog Chat – Marlow",
      "heading Marlow",
      "button New conversation",
      "button Menu",
      "button Close chat",
      "region Conversation",
      "list",
      expect.stringMatching(/^listitem You said: Do you ship to Austria\?/),
      expect.stringMatching(
        /^listitem Marlow said: We ship\. Anything else\? Mar 1, \d+:00\s[AP]M$/,
      ),
      "button Copy",
      "button Good answer",
      "button Bad answer",
      "form",
      "textbox Message",
      "button Send message",
      "status",
    ]);
    expect(tree.at(-1)).toBe("StaticText We ship. Anything else?");
  });

  it("says each sentence of an answer once, and none of them after a reload", async () => {
    const chat = await open();
    await chat.open();
    await ask(chat, proxy);
    const said = await listen(chat.page);
    let text = "";
    for (const piece of ["We ", "**ship**. Ever", "ywhere! And"]) {
      await proxy.emit("message:chunk", { messageId: "a1", offset: text.length, text: piece });
      text += piece;
      await chat.messages.last().getByText(text.replaceAll("*", "").slice(-4).trim()).waitFor();
    }
    await answer(chat, proxy, "We **ship**. Everywhere! And for free");
    await expect.poll(said, PATIENT).toEqual(["We ship.", "Everywhere!", "And for free"]);

    const { messages } = proxy.snapshot;
    proxy.snapshot = { ...proxy.snapshot, messages: [...messages, agent("We **ship**. All.")] };
    await chat.page.reload();
    await chat.open();
    const saidAgain = await listen(chat.page);
    await chat.messages.getByText("We ship. All.").waitFor();
    await answer(chat, proxy, "And more.", "a2");
    await expect.poll(saidAgain, PATIENT).toEqual(["And more."]);
  });

  it.each([
    ["the smallest window of WCAG", { width: 320, height: 256 }],
    ["a window at 200 %", { width: 640, height: 400 }],
  ])("loses nothing in %s, and every button is large enough", async (_, viewport) => {
    proxy.page.script = `${CONSENT} data-suggestions="Where is ${"my".repeat(50)} parcel?"`;
    const chat = await open({ viewport });
    for await (const state of visitStates(chat, proxy)) {
      const { small, outside, wide } = await chat.panel.evaluate((panel) => {
        const { width, height } = panel.getBoundingClientRect();
        const name = (element: Element) => element.ariaLabel ?? element.textContent;
        const all = (selector: string) => Array.from(panel.querySelectorAll(selector));
        const boxes = (selector: string) =>
          all(selector).map((element) => ({ element, box: element.getBoundingClientRect() }));
        return {
          small: boxes("button").flatMap(({ element, box }) =>
            box.width < 24 || box.height < 24 ? [name(element)] : [],
          ),
          outside: boxes(".header *, .composer *").flatMap(({ element, box }) =>
            box.left < 0 || box.top < 0 || box.right > width || box.bottom > height
              ? [name(element)]
              : [],
          ),
          wide: [panel, ...all(".welcome, .scroller")].flatMap((element) =>
            element.scrollWidth > element.clientWidth ? [element.className] : [],
          ),
        };
      });
      expect.soft({ small, outside, wide }, state).toEqual({ small: [], outside: [], wide: [] });
    }
  });

  it("keeps its edges, its focus and its icons in forced colours", async () => {
    const chat = await open();
    await chat.page.emulateMedia({ forcedColors: "active" });
    await chat.open();
    const seen = await chat.panel.evaluate((panel) => {
      const styleOf = (selector: string) =>
        getComputedStyle(panel.querySelector(selector) as Element);
      const { backgroundColor } = getComputedStyle(panel);
      return {
        hasEdges: [".header", ".composer", ".send", ".tool"].map(
          (selector) => styleOf(selector).borderBottomColor !== backgroundColor,
        ),
        hasFocus: styleOf(".composer").outlineStyle,
        hasIcons: styleOf(".send .icon").stroke !== backgroundColor,
      };
    });
    expect(seen).toEqual({
      hasEdges: [true, true, true, true],
      hasFocus: "solid",
      hasIcons: true,
    });
  });

  it("moves nothing for those who want less motion", async () => {
    const chat = await open();
    await chat.open();
    await ask(chat, proxy);
    const moving = () =>
      chat.panel.evaluate(
        (panel) =>
          (panel.getRootNode() as ShadowRoot)
            .getAnimations()
            .filter(({ effect }) => Number(effect?.getTiming().duration) > 0).length,
      );
    expect(await moving()).toBe(0);
    await chat.page.emulateMedia({ reducedMotion: "no-preference" });
    expect(await moving()).toBeGreaterThan(0);
  });

  it("speaks the page's language, from right to left where that is written so", async () => {
    proxy.page = { html: 'lang="ar" dir="rtl"' };
    const { page, launcher, ...chat } = await open();
    const panel = page.getByRole("dialog", { name: "محادثة – Marlow" });
    const input = panel.getByRole("textbox", { name: "الرسالة" });
    await launcher.click();
    await input.fill("مرحبا");
    await input.press("Enter");
    await proxy.emit("message:complete", { message: agent(RICH) });
    await panel.getByRole("table").waitFor();
    const field = await input.boundingBox();
    const send = await panel.getByRole("button", { name: "إرسال الرسالة" }).boundingBox();
    expect(send?.x).toBeLessThan(field?.x ?? 0);
    expect(await violations({ ...chat, page, launcher })).toEqual([]);
    expect(await panel.getAttribute("lang")).toBe("ar");

    // An answer in another language begins where that does, and code on the left.
    const directions = () =>
      panel
        .locator(":is(ul, .table, .code)")
        .evaluateAll((blocks) => blocks.map((block) => getComputedStyle(block).direction));
    expect(await directions()).toEqual(["ltr", "ltr", "ltr"]);
    await proxy.emit("message:complete", { message: agent("- نعم\n\n```\nif (x) {", "a2") });
    await expect.poll(directions, PATIENT).toEqual(["ltr", "ltr", "ltr", "rtl", "ltr"]);
  });
});

/** What is put into the live region from now on. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  type Listening = typeof globalThis & { said: string[] };
  await page.evaluate(() => {
    const said: string[] = ((globalThis as Listening).said = []);
    const region = document
      .querySelector("lex-chat-widget")
      ?.shadowRoot?.querySelector(".unseen > [aria-live=polite]");
    if (!region || region.textContent) throw new Error("The live region is not there and empty.");
    new MutationObserver((records) => {
      for (const { addedNodes, target, type } of records) {
        const changed = type === "characterData" ? [target] : Array.from(addedNodes);
        said.push(...changed.map(({ textContent }) => textContent ?? ""));
      }
    }).observe(region, { childList: true, characterData: true, subtree: true });
  });
  return () => page.evaluate(() => (globalThis as Listening).said);
}

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
