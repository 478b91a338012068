import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { startTestDemo } from "../support/demo.ts";
import { startPageServer, type PageServer } from "../support/page-server.ts";

const readCss = (name: string): string =>
  readFileSync(new URL(`../fixtures/host-css/${name}`, import.meta.url), "utf8");

/** What a page may do to everything on it, also to what it inherits and to names that others may use. */
const HOSTILE = `
* { all: revert; box-sizing: content-box; font: 30px fantasy !important; letter-spacing: 5px !important;
  text-transform: uppercase !important; line-height: 3 !important; color: red !important; cursor: help !important;
  text-align: right !important; visibility: hidden; word-spacing: 1em !important;
  --brand: red; --on-brand: red; --surface: red; --text: red; --line: red; --offset: 200px; --height: 90px; --top: 90px }
*::before, *::after { content: "!" !important; display: block !important; box-sizing: content-box; margin: 9px; font-size: 60px !important }
html { color-scheme: dark; font-size: 40px; writing-mode: vertical-rl; zoom: 1 }
button, input, textarea, dialog, form, section, ol, li, p, h2, svg, time { all: unset !important; display: block !important; float: left !important; width: 3px !important }
lex-chat-widget { all: revert !important; display: none !important; position: static !important; transform: rotate(9deg) !important; opacity: 0 !important; width: 900px !important; pointer-events: none !important }
`;

const HOSTS: Array<[name: string, css: string]> = [
  ["Bootstrap", readCss("bootstrap.min.css")],
  ["Bulma", readCss("bulma.min.css")],
  ["Foundation", readCss("foundation.min.css")],
  ["Tailwind", readCss("tailwind.css")],
  ["a hostile style sheet", HOSTILE],
];

/** The page's own, of every kind that a style sheet of the chat could touch. */
const CONTENT = `<main class="container"><h2>Title</h2><p class="message">Text with a <a href="/">link</a></p><ol class="messages"><li>One</li></ol>
<form class="composer"><textarea rows="1"></textarea><input><button class="launcher button btn">Go</button></form>
<dialog class="panel" open>Dialog</dialog><table><tr><td>Cell</td></tr></table><blockquote>Quote</blockquote><svg class="icon"></svg>
<time class="note">Now</time></main>`;

/** A box of a fixed size for a chat that is part of the page, which no style sheet above changes. */
const PLACE =
  "lex-chat#support { all: initial !important; display: block !important; width: 500px !important; height: 600px !important; }";

type Styles = Record<string, Record<string, string>>;

/**
 * Every property (no custom one) and the box of all elements in `root`, and of what they have before
 * and after them, by their place in it; boxes are measured from the chat's own, or else the first one.
 */
function readStyles(root: Document | ShadowRoot): Styles {
  const elements = [...root.querySelectorAll("*:not(lex-chat-widget, lex-chat, script, style)")];
  const names = [...getComputedStyle(document.head)].filter((name) => !name.startsWith("--"));
  const first = root instanceof ShadowRoot ? root.host : elements[0];
  const origin = first?.getBoundingClientRect();
  const read = (element: Element, pseudo?: string): Record<string, string> => {
    const computed = getComputedStyle(element, pseudo);
    const isThere = !pseudo || !/^(none|normal)$/.test(computed.content);
    const shown = isThere ? names : ["content"];
    return Object.fromEntries(shown.map((name) => [name, computed.getPropertyValue(name)]));
  };
  return Object.fromEntries(
    elements.flatMap((element, index) => {
      const name = `${index} ${element.localName}.${element.getAttribute("class")}`;
      const { x, y, width, height } = element.getBoundingClientRect();
      const place = [x - (origin?.x ?? 0), y - (origin?.y ?? 0), width, height];
      // What has no size has no place; an eighth of a pixel is a matter of rounding.
      const box =
        width * height > 0 ? place.map((length) => Math.round(length * 8) / 8).join() : "";
      return [
        [name, { ...read(element), box }],
        [`${name}::before`, read(element, "::before")],
        [`${name}::after`, read(element, "::after")],
      ];
    }),
  );
}

/** Each property that is another one, as a line: the first of many say enough. */
const differences = (before: Styles, after: Styles): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .flatMap((element) => {
      const [old, now] = [before[element] ?? {}, after[element] ?? {}];
      return Object.keys({ ...old, ...now })
        .filter((name) => old[name] !== now[name])
        .map((name) => `${element} { ${name}: ${old[name]} → ${now[name]} }`);
    })
    .slice(0, 40);

describe.skipIf(!findChromium())("the chat on a page with", () => {
  let browser: Browser;
  let demo: Demo;
  let pages: PageServer;
  let context: BrowserContext;
  let bare: Record<Mode, Styles>;

  type Mode = "floating" | "inline";

  beforeAll(async () => {
    pages = await startPageServer();
    [browser, demo] = await Promise.all([
      launchChromium(),
      startTestDemo({ environment: { ALLOWED_ORIGINS: pages.origin } }),
    ]);
    context = await browser.newContext({ reducedMotion: "reduce" });
    const page = await open("");
    await page.evaluate(() => window.LexChat?.("send", "How much is shipping to Germany?"));
    await page.getByRole("dialog").locator(".assistant time").waitFor();
    // Twice: the first one has drawn what others only restore.
    bare = await readChats(await open(""));
  });
  // Tabs of one visitor share a stream: what a test has left open would take part in the next.
  afterEach(() => Promise.all(context.pages().map((page) => page.close())));
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  /** A page of the same visitor, without its chats. */
  async function openOwn(css: string): Promise<Page> {
    const page = await context.newPage();
    pages.show(`<style>${PLACE}${css}</style>${CONTENT}<lex-chat id="support"></lex-chat>`);
    await page.goto(pages.origin);
    return page;
  }

  async function open(css: string): Promise<Page> {
    const page = await openOwn(css);
    await load(page);
    return page;
  }

  /** Adds the script tag, opens both chats and waits until they stand. */
  async function load(page: Page): Promise<void> {
    const url = `http://localhost:${demo.proxy.port}/widget.js`;
    await page.addScriptTag({ url });
    await page.evaluate(() => window.LexChat?.("open"));
    await page.waitForFunction(() =>
      ["lex-chat-widget", "lex-chat"].every((name) =>
        document.querySelector(name)?.shadowRoot?.querySelector(".panel[open] .composer"),
      ),
    );
  }

  async function readChats(page: Page): Promise<Record<Mode, Styles>> {
    await page.waitForFunction(() =>
      ["lex-chat-widget", "lex-chat"].every((name) =>
        document.querySelector(name)?.shadowRoot?.querySelector(".tools button"),
      ),
    );
    const read = (selector: string) =>
      page.evaluate(
        ([selector, source]) => {
          const read = new Function(`return ${source}`)() as typeof readStyles;
          return read(document.querySelector(selector)?.shadowRoot as ShadowRoot);
        },
        [selector, readStyles.toString()] as const,
      );
    const styles = { floating: await read("lex-chat-widget"), inline: await read("lex-chat") };
    return styles;
  }

  it.each(HOSTS)("%s looks as it does on a bare page", async (_name, css) => {
    const chats = await readChats(await open(css));
    expect(Object.keys(bare.floating).length).toBeGreaterThan(60);
    expect(differences(bare.floating, chats.floating)).toEqual([]);
    expect(differences(bare.inline, chats.inline)).toEqual([]);
  });

  it.each(HOSTS)("%s leaves the page's own elements as they were", async (_name, css) => {
    const page = await openOwn(css);
    const read = () =>
      page.evaluate(
        (source) => (new Function(`return ${source}`)() as typeof readStyles)(document),
        readStyles.toString(),
      );
    const before = await read();
    await load(page);
    expect(Object.keys(before).length).toBeGreaterThan(60);
    expect(differences(before, await read())).toEqual([]);
  });
});
