import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { openContext, startTestDemo } from "../support/demo.ts";
import { startPageServer, type PageServer } from "../support/page-server.ts";

type Watched = typeof globalThis & { held: Set<string> };

/** From the next page on, `held` has a line for all that scripts keep outside of their own elements. */
function watchHeld(): void {
  const held = ((globalThis as Watched).held = new Set<string>());
  const isOutside = (target: EventTarget): boolean =>
    !(target instanceof Node) ||
    target === document ||
    target === document.documentElement ||
    target === document.body;
  const ids = new WeakMap<object, number>();
  let last = 0;
  const id = (thing: object): number => {
    if (!ids.has(thing)) ids.set(thing, ++last);
    return ids.get(thing) ?? 0;
  };
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const lineOf = (target: EventTarget, type: string, hear: object): string =>
    `${type} of ${target.constructor.name} ${id(target)} ${id(hear)}`;
  EventTarget.prototype.addEventListener = function (type, hear, options) {
    add.call(this, type, hear, options);
    // A signal or a port of its own goes with who made it.
    if (!hear || !isOutside(this) || this instanceof AbortSignal) return;
    const line = lineOf(this, type, hear);
    held.add(line);
    const signal = typeof options === "object" && options.signal;
    if (signal) add.call(signal, "abort", () => held.delete(line));
  };
  EventTarget.prototype.removeEventListener = function (type, hear, options) {
    remove.call(this, type, hear, options);
    if (hear) held.delete(lineOf(this, type, hear));
  };
  for (const observer of [MutationObserver, ResizeObserver, IntersectionObserver]) {
    const { observe, disconnect } = observer.prototype;
    const name = observer.name;
    observer.prototype.observe = function (this: object, ...given: never[]) {
      if (isOutside(given[0] as unknown as Node)) held.add(`${name} ${id(this)}`);
      return (observe as (...given: never[]) => void).apply(this, given);
    } as never;
    observer.prototype.disconnect = function (this: object) {
      held.delete(`${name} ${id(this)}`);
      disconnect.call(this as never);
    };
  }
  const { close } = BroadcastChannel.prototype;
  BroadcastChannel.prototype.close = function () {
    close.call(this);
    for (const line of held) if (line.includes(`BroadcastChannel ${id(this)} `)) held.delete(line);
  };
  const { setInterval, clearInterval } = globalThis;
  globalThis.setInterval = ((...given: Parameters<typeof setInterval>) => {
    const timer = setInterval(...given);
    held.add(`interval ${timer}`);
    return timer;
  }) as typeof setInterval;
  globalThis.clearInterval = (timer) => {
    held.delete(`interval ${timer}`);
    clearInterval(timer);
  };
}

describe.skipIf(!findChromium())("on a stranger's page the chat", () => {
  let browser: Browser;
  let demo: Demo;
  let pages: PageServer;
  let script: string;

  beforeAll(async () => {
    pages = await startPageServer();
    [browser, demo] = await Promise.all([
      launchChromium(),
      startTestDemo({ environment: { ALLOWED_ORIGINS: pages.origin } }),
    ]);
    script = `http://localhost:${demo.proxy.port}/widget.js`;
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  /** A long page without a chat. */
  async function openPage(markup = ""): Promise<Page & { errors: string[] }> {
    const context = await openContext(browser);
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    await page.addInitScript(watchHeld);
    pages.show(`${markup}<p id="text" style="height: 3000px">Text</p>`);
    await page.goto(pages.origin);
    return Object.assign(page, { errors });
  }

  /** Opens the chat by a command, whatever its state was. */
  async function openChat(page: Page): Promise<void> {
    await page.evaluate(() => window.LexChat?.("open"));
    await page.getByRole("dialog").getByRole("textbox").waitFor();
  }

  /** As a page's own markup does it, which adds nothing else to the page. */
  async function load(page: Page, data: Record<string, string> = {}): Promise<void> {
    await page.evaluate(
      ([src, data]) => {
        const tag = Object.assign(document.createElement("script"), { src });
        Object.assign(tag.dataset, data);
        document.body.append(tag);
        tag.addEventListener("load", () => tag.remove());
      },
      [script, data] as const,
    );
    await page.locator("button.launcher").waitFor();
  }
  const countLaunchers = (page: Page): Promise<number> => page.locator("button.launcher").count();

  it("adds one element and one name, and nothing to the page's root, its body, its scroll or its focus", async () => {
    const page = await openPage();
    const look = () =>
      page.evaluate(() => ({
        names: Object.getOwnPropertyNames(window),
        attributes: [document.documentElement, document.body].flatMap((element) =>
          [...element.attributes].map(({ name, value }) => `${name}=${value}`),
        ),
        head: document.head.childElementCount,
        children: [...document.body.children].map(({ localName }) => localName),
        scroll: scrollY,
        focus: document.activeElement?.localName,
        overflow: getComputedStyle(document.documentElement).overflow,
      }));
    await page.evaluate(() => scrollTo(0, 1000));
    const before = await look();
    await load(page);
    const loaded = await look();
    await openChat(page);
    const after = await look();
    expect(after.names.filter((name) => !before.names.includes(name))).toEqual(["LexChat"]);
    const expected = {
      ...before,
      names: after.names,
      children: [...before.children, "lex-chat-widget"],
    };
    expect({ ...loaded, names: after.names }).toEqual(expected);
    // Chromium takes what a test does for a gesture of the visitor's.
    expect(after).toEqual({ ...expected, focus: "lex-chat-widget" });
    expect(page.errors).toEqual([]);
  });

  it("moves nothing on the screen when it loads, opens and answers", async () => {
    const page = await openPage();
    await page.evaluate(() => {
      const seen = Object.assign(globalThis, { shifts: [] as unknown[] });
      const observer = new PerformanceObserver((list) =>
        seen.shifts.push(...list.getEntries().map((entry) => JSON.stringify(entry))),
      );
      observer.observe({ type: "layout-shift", buffered: true });
    });
    const shifts = () =>
      page.evaluate(async () => {
        // They are told after the frame in which they are seen.
        for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
        return (globalThis as unknown as { shifts: unknown[] }).shifts;
      });
    await load(page);
    expect(await shifts()).toEqual([]);
    await openChat(page);
    expect(await shifts()).toEqual([]);
    await page.evaluate(() => window.LexChat?.("send", "Hello"));
    await page.getByRole("dialog").locator(".assistant time").waitFor();
    expect(await shifts()).toEqual([]);
    await page.evaluate(() => window.LexChat?.("close"));
    expect(await shifts()).toEqual([]);
    await page.evaluate(() => document.body.prepend(document.createElement("hr")));
    expect(await shifts(), "the watch works").not.toEqual([]);
  });

  it("holds nothing after destroy, and the script can be loaded again", async () => {
    const page = await openPage();
    const held = () => page.evaluate(() => [...(globalThis as Watched).held]);
    const before = await held();
    await load(page);
    await openChat(page);
    await page.evaluate(() => window.LexChat?.("send", "Hello"));
    await page.getByRole("dialog").locator(".assistant time").waitFor();
    expect((await held()).length).toBeGreaterThan(before.length + 3);
    await page.evaluate(() => window.LexChat?.("destroy"));
    await expect.poll(held).toEqual(before);
    expect(
      await page.evaluate(() => ["LexChat" in window, document.querySelector("lex-chat-widget")]),
    ).toEqual([false, null]);
    await load(page);
    await openChat(page);
    await page.getByRole("dialog").locator(".assistant time").waitFor();
    expect(await countLaunchers(page)).toBe(1);
    expect(page.errors).toEqual([]);
  });

  it.each<[string, () => void]>([
    ["replaces its body", () => document.body.replaceWith(document.createElement("body"))],
    [
      "replaces all in its body",
      () => document.body.replaceChildren(document.createElement("main")),
    ],
    [
      "replaces its root's children in a view transition",
      () =>
        void document.startViewTransition(() => {
          const next = new DOMParser().parseFromString("<title>Next</title><p>Next", "text/html");
          document.head.replaceWith(next.head);
          document.body.replaceWith(next.body);
        }),
    ],
    ["goes on by its history", () => (history.pushState({}, "", "/next"), history.back())],
  ])("stays open, itself and alone in a page that %s", async (_name, swap) => {
    const page = await openPage();
    await load(page);
    await openChat(page);
    await page.getByRole("dialog").getByRole("textbox").fill("A draft");
    await page.evaluate(
      () => void Object.assign(document.querySelector("lex-chat-widget") ?? {}, { isSame: true }),
    );
    await page.evaluate(swap);
    // Each frame from now on has it.
    const frames = await page.evaluate(async () => {
      const seen: boolean[] = [];
      while (seen.length < 5) {
        await new Promise(requestAnimationFrame);
        const host = document.querySelector<HTMLElement & { isSame?: true }>("lex-chat-widget");
        seen.push(host?.isSame === true);
      }
      return seen;
    });
    expect(frames).toEqual([true, true, true, true, true]);
    await load(page);
    expect(await countLaunchers(page)).toBe(1);
    expect(await page.getByRole("dialog").getByRole("textbox").inputValue()).toBe("A draft");
    expect(page.errors).toEqual([]);
  });

  it("stands where and above what the page says, and shares it with chats in the page's text", async () => {
    const page = await openPage(
      '<lex-chat id="a" data-agent-name="Sales"></lex-chat><lex-chat id="b" data-agent-name="Parts"></lex-chat>',
    );
    await load(page, { position: "left", offset: "44", zIndex: "7" });
    const place = await page.locator("lex-chat-widget").evaluate((host) => {
      const { left, bottom } = host.getBoundingClientRect();
      return [left, innerHeight - bottom, getComputedStyle(host).zIndex];
    });
    expect(place).toEqual([44, 44, "7"]);
    for (const name of ["Sales", "Parts"]) await page.getByRole("heading", { name }).waitFor();
    expect(await countLaunchers(page)).toBe(1);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    expect((await page.locator("#a .panel").boundingBox())?.height).toBe(600);
    await page.evaluate(() => document.querySelector("#a")?.remove());
    await page.evaluate(() => window.LexChat?.("destroy"));
    await page.locator("#b").getByRole("textbox").fill("Still here");
    expect(page.errors).toEqual([]);
  });
});
