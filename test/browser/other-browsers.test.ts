/** The main job in Firefox and in WebKit, on a page whose policy allows nothing but the chat. All the rest is tested in Chromium. */
import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import { closeLater } from "../support/close-later.ts";
import { countStreams, saveScreenshot, startTestDemo } from "../support/demo.ts";
import { findFirefox, findWebKit } from "../support/find-browser.ts";
import { launchFirefox } from "../support/firefox.ts";
import { REPORT_PATH, startPageServer, type PageServer } from "../support/page-server.ts";
import { KEYS, type Driver } from "../support/webdriver.ts";
import { launchWebKit } from "../support/webkit.ts";

const QUESTION = "How much is shipping to Germany?";
const LABEL = "Chat – Marlow Support";

/** The machine may be slow. */
const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 15_000 });

/** What the page knows beside the chat. */
type Page = typeof globalThis & {
  find: typeof find;
  /** What has gone wrong. */
  seen: string[];
  /** Of the first answer, frame by frame. */
  lengths: number[];
};

/** The last element of the chat that fits and has this in its name or text. */
function find(selector: string, name: string): HTMLElement | undefined {
  const root = document.querySelector("lex-chat-widget")?.shadowRoot;
  return Array.from(root?.querySelectorAll<HTMLElement>(selector) ?? []).findLast((element) =>
    (element.ariaLabel ?? element.textContent).includes(name),
  );
}

function watch(): void {
  const page = globalThis as Page;
  page.seen = [];
  page.lengths = [];
  const tell = (event: Event) =>
    page.seen.push(
      [event.type, (event as SecurityPolicyViolationEvent).effectiveDirective].join(" "),
    );
  for (const type of ["error", "unhandledrejection", "securitypolicyviolation"])
    addEventListener(type, tell, true);
  for (const level of ["error", "warn"] as const)
    console[level] = (...words) => page.seen.push(words.join(" "));
  const sample = (): void => {
    const length = page.find(".assistant .markdown", "")?.textContent.length ?? 0;
    if (length !== page.lengths.at(-1)) page.lengths.push(length);
    requestAnimationFrame(sample);
  };
  sample();
}

for (const [name, isThere, launch] of [
  ["Firefox", findFirefox(), launchFirefox],
  ["WebKit", findWebKit(), launchWebKit],
] as const) {
  describe.skipIf(!isThere)(`in ${name} the chat`, () => {
    let browser: Driver;
    let demo: Demo;
    let pages: PageServer;

    beforeAll(async () => {
      pages = await startPageServer();
      const environment = { ALLOWED_ORIGINS: pages.origin };
      const platform = { tokensPerSecond: 60, thinkingMs: 300 };
      [browser, demo] = await Promise.all([launch(), startTestDemo({ environment, platform })]);
      closeLater(() => demo.close());
    });

    /** A new visitor's page. `markup` follows the script tag. */
    async function open({ size = [1200, 900], markup = "" } = {}): Promise<void> {
      const proxy = `http://localhost:${demo.proxy.port}`;
      const nonce = randomBytes(16).toString("base64url");
      const policy = `default-src 'none'; img-src 'self'; script-src 'nonce-${nonce}' 'strict-dynamic'; connect-src ${proxy}; require-trusted-types-for 'script'; trusted-types 'none'; report-uri ${REPORT_PATH}`;
      const script = `var find = ${find}; (${watch})()`;
      pages.show(
        `<script nonce="${nonce}">${script}</script>
        <script async nonce="${nonce}" src="${proxy}/widget.js" data-agent-name="Marlow Support" data-primary-color="#1f5c4d"></script>${markup}`,
        { "Content-Security-Policy": policy },
      );
      await browser.resize(...(size as [number, number]));
      await browser.goto(pages.origin);
      await browser.run(() => localStorage.clear());
      pages.reports.length = 0;
      await browser.reload();
    }

    /** Once it is there. */
    const boxOf = (selector: string, name = ""): Promise<DOMRect> =>
      browser.until(
        (selector, name) =>
          (globalThis as Page).find(selector, name)?.getBoundingClientRect().toJSON(),
        selector,
        name,
      );
    const textOf = (selector: string): Promise<string> =>
      browser.until((selector) => (globalThis as Page).find(selector, "")?.textContent, selector);
    /** Red, green and blue of a colour as they come to the screen. */
    const paintOf = (selector: string, property: string): Promise<number[]> =>
      browser.until(
        (selector, property) => {
          const element = (globalThis as Page).find(selector, "");
          const context = document.createElement("canvas").getContext("2d");
          if (!element || !context) return undefined;
          context.fillStyle = getComputedStyle(element).getPropertyValue(property);
          context.fillRect(0, 0, 1, 1);
          return Array.from(context.getImageData(0, 0, 1, 1).data.subarray(0, 3));
        },
        selector,
        property,
      );
    /** The name or text of what has the focus; of the page's own, its tag. */
    const focus = (): Promise<string> =>
      browser.run(() => {
        const host = document.activeElement;
        const element = host?.shadowRoot?.activeElement;
        return element ? (element.ariaLabel ?? element.textContent) : `${host?.localName}`;
      });

    async function click(selector: string, name?: string): Promise<void> {
      const { x, y, width, height } = await boxOf(selector, name);
      await browser.click({ x: x + width / 2, y: y + height / 2 });
    }

    async function openChat(): Promise<void> {
      await click(".launcher");
      await boxOf(".panel[open] .send");
      await eventually(focus).toBe("Message");
    }

    const screenshot = async (what: string) =>
      saveScreenshot(`${name.toLowerCase()}-${what}`, await browser.screenshot());
    /** What there is to read beyond what is seen. */
    const below = () =>
      browser.run(() => {
        const scroller = (globalThis as Page).find(".scroller", "");
        return scroller && scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
      });
    const troubles = () => browser.run(() => (globalThis as Page).seen);
    const ask = (text: string) => browser.type(text + KEYS.enter);
    const isAnswered = () => boxOf(".assistant:last-child time");

    it("answers as it is written, and goes on after a reload, where the page allows nothing else", async () => {
      await open();
      await openChat();
      await ask(QUESTION);
      await isAnswered();
      const answer = await textOf(".assistant .markdown");
      const { lengths } = await browser.run(() => ({ lengths: (globalThis as Page).lengths }));
      expect(answer).toContain("€4.90");
      expect(new Set(lengths).size).toBeGreaterThan(4);
      expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));

      await browser.reload();
      await openChat();
      await isAnswered();
      expect(await textOf(".bubble")).toBe(QUESTION);
      expect(await textOf(".assistant .markdown")).toBe(answer);
      expect(await troubles()).toEqual([]);
      expect(pages.reports).toEqual([]);
    });

    it("is heard of by its names, and used by keys alone", async () => {
      await open();
      const nameOf = (selector: string, name = "") =>
        browser.nameOf(
          (selector, name) => (globalThis as Page).find(selector, name),
          selector,
          name,
        );
      expect(await nameOf(".launcher")).toBe(LABEL);
      await browser.type(KEYS.tab);
      expect(await focus()).toBe(LABEL);
      await browser.type(KEYS.enter);
      await eventually(focus).toBe("Message");
      expect(await nameOf("dialog")).toBe(LABEL);
      expect(await nameOf("textarea")).toBe("Message");
      expect(await nameOf(".send")).toBe("Send message");

      await ask(QUESTION);
      await isAnswered();
      await boxOf(".tools");
      const names: string[] = [];
      for (let count = 0; count < 5; count += 1) {
        await browser.type(KEYS.tab, KEYS.shift);
        names.push(await focus());
      }
      expect(names.slice(0, 3)).toEqual(["Bad answer", "Good answer", "Copy"]);
      expect(names[3]).toBe("Shipping");
      await browser.type(KEYS.up);
      expect(await focus()).toContain(QUESTION);
      await browser.type(KEYS.escape);
      expect(await focus()).toBe(LABEL);
      await boxOf(".panel:not([open])");
    });

    it("looks as it should, and has a field that grows with its text", async () => {
      await open();
      await openChat();
      const [width, height] = await browser.run(() => [innerWidth, innerHeight]);
      const panel = await boxOf(".panel");
      expect(panel).toMatchObject({ width: 400, right: width - 20, bottom: height - 92 });
      expect(await paintOf(".launcher", "background-color")).toEqual([31, 92, 77]);
      expect(await paintOf(".launcher", "color")).toEqual([255, 255, 255]);
      await browser.run(() => window.LexChat?.("update", { primaryColor: "#ffcc00" }));
      expect(await paintOf(".launcher", "color")).toEqual([0, 0, 0]);

      const fieldHeight = async () => (await boxOf("textarea")).height;
      expect(await fieldHeight()).toBe(34);
      await browser.type("A question that takes more room than there is in one line");
      expect(await fieldHeight()).toBe(56);
      await browser.type(KEYS.enter, KEYS.shift);
      expect(await fieldHeight()).toBe(78);
      await browser.type("and more");
      await screenshot("field");
      await ask("");
      await isAnswered();
      expect(await fieldHeight()).toBe(34);
      await ask(QUESTION);
      await boxOf(".assistant:last-child table");
      await isAnswered();
      await eventually(below).toBeLessThan(2);
      const tools = () =>
        browser.run(() =>
          Array.from(
            document.querySelector("lex-chat-widget")?.shadowRoot?.querySelectorAll(".tools") ?? [],
            (element) => getComputedStyle(element).opacity,
          ),
        );
      await eventually(tools).toEqual(["0", "1"]);
      await screenshot("answer");
    });

    it("covers the page where there is little room, and gives it back", async () => {
      await open({ size: [900, 500] });
      await browser.until(() => innerHeight < 480);
      await openChat();
      const [width, height] = await browser.run(() => [innerWidth, innerHeight]);
      expect(await boxOf(".panel:modal")).toMatchObject({ x: 0, y: 0, width, height });
      await ask(QUESTION);
      expect(await focus()).toBe("Message");
      await screenshot("low");
      await browser.type(KEYS.escape);
      await boxOf(".panel:not([open])");
      expect(await focus()).toBe(LABEL);
    });

    it("stops, and what was not read stays away", async () => {
      await open();
      await openChat();
      await ask(QUESTION);
      await boxOf(".streaming table");
      await click(".send", "Stop answering");
      await boxOf(".note", "Stopped");
      const text = await textOf(".assistant .markdown");
      expect(text).not.toContain("You can read more");
      await browser.reload();
      await openChat();
      await boxOf(".note", "Stopped");
      expect(await textOf(".assistant .markdown")).toBe(text);
    });

    it("is the same in each window, by one stream", async () => {
      await open();
      await openChat();
      await ask("Hello");
      await isAnswered();
      const [first = ""] = await browser.windows();
      await browser.openWindow();
      await browser.goto(pages.origin);
      await openChat();
      await isAnswered();
      await ask(QUESTION);
      await boxOf(".assistant:last-child table");
      await isAnswered();
      const answer = await textOf(".assistant:last-child .markdown");
      expect(await countStreams(demo)).toBe(1);
      // Nobody had to be told that a stream is held back.
      expect(await troubles()).toEqual([]);
      await browser.closeWindow();

      await browser.switchTo(first);
      await isAnswered();
      expect(await textOf(".assistant:last-child .markdown")).toBe(answer);
      await ask("Thanks");
      await boxOf(".bubble", "Thanks");
      await boxOf(".send", "Send message");
      expect(await troubles()).toEqual([]);
    });

    it("would be seen to do what the page does not allow", async () => {
      await open({ markup: '<p style="color: red"></p><script>1</script>' });
      await eventually(() => pages.reports.join()).toContain("script-src-elem");
      expect(pages.reports.join()).toContain("style-src-attr");
      expect(await troubles()).toHaveLength(2);
    });
  });
}
