/** What the chat is on a phone, and what it leaves of the page behind. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { answer, ask, CONSENT, RICH, visitStates } from "../support/chat-states.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openPage, type Chat } from "../support/demo.ts";
import { startScriptedProxy, type ScriptedProxy } from "../support/scripted-proxy.ts";

/** The machine may be busy. */
const PATIENT = { timeout: 15_000 };

const viewport = { width: 390, height: 844 };

describe.skipIf(!findChromium())("on a phone the chat", () => {
  let browser: Browser;
  let proxy: ScriptedProxy;

  beforeAll(async () => {
    [browser, proxy] = await Promise.all([launchChromium(), startScriptedProxy()]);
  });
  afterAll(() => browser?.close());
  beforeEach(() => {
    proxy.reset();
    proxy.page.body = `<dialog id="own"><button>Own</button></dialog><a href="#">Link</a><p style="height:3000px">Text`;
  });

  async function open(): Promise<Chat & { context: BrowserContext }> {
    const context = await browser.newContext({
      viewport,
      hasTouch: true,
      isMobile: true,
      reducedMotion: "reduce",
    });
    onTestFinished(() => context.close());
    const chat = await openPage(browser, proxy.url, { path: "/page", context });
    await chat.page.evaluate(() => scrollTo(0, 200));
    return { ...chat, context };
  }

  /** Where the page behind is, and what could hold it there. */
  const look = (page: Page) =>
    page.evaluate(() => ({
      scroll: scrollY,
      attributes: [document.documentElement, document.body].map((element) =>
        element.getAttributeNames(),
      ),
      viewport: document.querySelector("meta[name=viewport]")?.getAttribute("content"),
    }));

  it("covers the page, which is out of reach, and gives it back as it was", async () => {
    const chat = await open();
    const before = await look(chat.page);
    await chat.open();
    expect(await chat.panel.boundingBox()).toEqual({ x: 0, y: 0, ...viewport });
    expect(await chat.panel.evaluate((panel) => panel.matches(":modal"))).toBe(true);
    const isReached = await chat.page.evaluate(() => {
      const link = document.querySelector("a");
      link?.focus();
      return document.activeElement === link;
    });
    expect(isReached).toBe(false);
    await chat.panel.getByRole("button", { name: "Close chat" }).click();
    await expect.poll(() => chat.panel.count(), PATIENT).toBe(0);
    expect(await look(chat.page)).toEqual(before);
    // Nothing of the chat stays on top of the page's own dialogs.
    await chat.page.evaluate(() =>
      (document.querySelector("#own") as HTMLDialogElement).showModal(),
    );
    await chat.page.getByRole("button", { name: "Own" }).click();
  });

  it("closes with the phone's way back", async () => {
    const chat = await open();
    await chat.open();
    await chat.panel.evaluate((panel) => panel.dispatchEvent(new Event("cancel")));
    await expect.poll(() => chat.panel.count(), PATIENT).toBe(0);
    expect(await chat.launcher.getAttribute("aria-expanded")).toBe("false");
  });

  it("scrolls nothing behind it, wherever a finger swipes", async () => {
    const chat = await open();
    const session = await chat.context.newCDPSession(chat.page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", y?: number) =>
      session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: y === undefined ? [] : [{ x: 150, y }],
      });
    /** Up from `y`, and where the page comes to rest: it goes on for a while without the finger. */
    const swipe = async (y: number): Promise<number> => {
      await touch("touchStart", y);
      for (let moved = 0; moved <= 200; moved += 20) {
        await touch("touchMove", y - moved);
        await chat.page.evaluate(() => new Promise(requestAnimationFrame));
      }
      await touch("touchEnd");
      return chat.page.evaluate(async () => {
        for (let rest = 0, last = scrollY; rest < 10; rest = scrollY === last ? rest + 1 : 0) {
          last = scrollY;
          await new Promise(requestAnimationFrame);
        }
        return scrollY;
      });
    };
    expect(await swipe(600), "the page alone").toBeGreaterThan(200);
    await chat.page.evaluate(() => scrollTo(0, 200));
    await chat.open();
    const places = { header: 30, welcome: 500, composer: 820 };
    for (const [place, y] of Object.entries(places)) expect(await swipe(y), place).toBe(200);
    await ask(chat, proxy);
    await answer(chat, proxy, "Yes.");
    expect(await swipe(500), "a short conversation").toBe(200);
    await answer(chat, proxy, `${RICH}\n\n${RICH}`, "a2");
    expect(await swipe(500), "a long one at its end").toBe(200);
  });

  it("has nothing where the phone has its camera, its corners and its own bar", async () => {
    const chat = await open();
    const session = await chat.context.newCDPSession(chat.page);
    const insets = { left: 40, top: 47, right: 30, bottom: 34 };
    await session.send("Emulation.setSafeAreaInsetsOverride", { insets });
    await chat.open();
    const look = () =>
      chat.panel.evaluate((panel) => {
        const boxes = [...panel.querySelectorAll(".header, .composer, .rows, .action")].map(
          (part) => part.getBoundingClientRect(),
        );
        return {
          left: Math.min(...boxes.map(({ left }) => left)),
          top: Math.min(...boxes.map(({ top }) => top)),
          right: innerWidth - Math.max(...boxes.map(({ right }) => right)),
          bottom: innerHeight - Math.max(...boxes.map(({ bottom }) => bottom)),
        };
      });
    expect(await look()).toEqual({ ...insets, bottom: insets.bottom + 12 });
    await ask(chat, proxy);
    await chat.panel.getByRole("button", { name: "Menu" }).click();
    await chat.panel.getByRole("menuitem", { name: "Conversations" }).click();
    await chat.panel.getByRole("button", { name: /^Shipping/ }).waitFor();
    expect(await look()).toMatchObject({ left: insets.left, top: insets.top, right: insets.right });
  });

  it("has only buttons that a finger hits: 44 px wide and high", async () => {
    proxy.page.script = `${CONSENT} data-suggestions="Where is it?|What is it?"`;
    const chat = await open();
    for await (const state of visitStates(chat, proxy)) {
      const missed = await chat.panel.evaluate((panel) => {
        const root = panel.getRootNode() as ShadowRoot;
        const visible = { visibilityProperty: true, opacityProperty: true };
        const scroller = panel.querySelector(".scroller")?.getBoundingClientRect();
        return Array.from(panel.querySelectorAll("button")).flatMap((button) => {
          const { x, y, width, height } = button.getBoundingClientRect();
          const hits = (dx: number, dy: number) => {
            const target = root.elementFromPoint(x + width / 2 + dx, y + height / 2 + dy);
            return target?.closest("button") === button;
          };
          // What is scrolled out of sight, or about to be, can be scrolled back.
          const isCut =
            scroller &&
            button.closest(".scroller") &&
            (y < scroller.top + 22 || y + height > scroller.bottom - 10);
          if (isCut || !button.checkVisibility(visible)) return [];
          // What can be done with a message that failed may take two lines of its text.
          const reach = button.closest(".failure") ? 11 : 21;
          const isHit = hits(-21, 0) && hits(21, 0) && hits(0, -reach) && hits(0, reach);
          return isHit ? [] : [button.ariaLabel ?? button.textContent];
        });
      });
      expect.soft(missed, state).toEqual([]);
    }
  });

  it("fills what the keyboard leaves, and no field is small enough to zoom into", async () => {
    const chat = await open();
    await chat.open();
    // The keyboard of iOS covers the page without resizing it: this is all that a page sees of it.
    await chat.page.evaluate(() => {
      const { visualViewport } = globalThis;
      Object.defineProperties(visualViewport, {
        height: { value: 500 },
        offsetTop: { value: 40 },
      });
      visualViewport?.dispatchEvent(new Event("resize"));
    });
    expect(await chat.panel.boundingBox()).toEqual({ x: 0, y: 40, width: 390, height: 500 });
    const size = await chat.input.evaluate((input) => getComputedStyle(input).fontSize);
    expect(Number.parseFloat(size)).toBeGreaterThanOrEqual(16);
  });

  it("becomes a window beside the page when there is room again", async () => {
    const chat = await open();
    await chat.open();
    await chat.page.setViewportSize({ width: 1024, height: 768 });
    await expect
      .poll(() => chat.panel.evaluate((panel) => panel.matches(":modal")), PATIENT)
      .toBe(false);
    expect(await chat.panel.isVisible()).toBe(true);
    expect((await chat.panel.boundingBox())?.width).toBe(400);
  });
});
