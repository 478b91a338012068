/** The whole demo on free ports, and a page of Chromium in front of it, for the browser tests. */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { startDemo, type Demo, type DemoOptions } from "../../demo/demo.ts";
import { buildWidget } from "./build-widget.ts";

const SCREENSHOTS = fileURLToPath(new URL("../browser/screenshots/", import.meta.url));

/** Answers at ten times the reading speed, so that a test still sees text grow. */
export function startTestDemo(options: Partial<DemoOptions> = {}): Promise<Demo> {
  buildWidget();
  return startDemo({
    sitePort: 0,
    proxyPort: 0,
    platformPort: 0,
    sessionSecret: randomBytes(32).toString("hex"),
    ...options,
    platform: { tokensPerSecond: 400, thinkingMs: 800, ...options.platform },
  });
}

/** What a person sees of the chat, by role and name. */
export type Chat = {
  page: Page;
  launcher: Locator;
  panel: Locator;
  input: Locator;
  messages: Locator;
  /** What was requested of another origin than the page's: method and path. */
  requests: string[];
  console: string[];
  open: () => Promise<void>;
  ask: (text: string) => Promise<void>;
};

export type ChatPageOptions = {
  path?: string;
  viewport?: { width: number; height: number };
  colorScheme?: "light" | "dark";
  /** A context that is there already: the same visitor's browser. */
  context?: BrowserContext;
};

/** A browser of a new visitor's, until the test ends: each has a process of its own. */
export async function openContext(
  browser: Browser,
  options: Pick<ChatPageOptions, "viewport" | "colorScheme"> = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ ...options, reducedMotion: "reduce" });
  onTestFinished(() => context.close());
  return context;
}

/** Opens a page of the shop and waits for the launcher. A context that was not given ends with the test. */
export async function openPage(
  browser: Browser,
  url: string,
  options: ChatPageOptions = {},
): Promise<Chat> {
  const { path = "/", viewport = { width: 1280, height: 800 }, colorScheme = "light" } = options;
  const context = options.context ?? (await openContext(browser, { viewport, colorScheme }));
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const requests: string[] = [];
  const console: string[] = [];
  page.on("console", (message) => console.push(message.text()));
  page.on("pageerror", (error) => console.push(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    const target = new URL(request.url());
    if (target.origin !== url) requests.push(`${request.method()} ${target.pathname}`);
  });
  await page.goto(url + path);
  const launcher = page.locator("button.launcher");
  await launcher.waitFor();
  const panel = page.getByRole("dialog");
  const input = panel.getByRole("textbox");
  return {
    page,
    launcher,
    panel,
    input,
    messages: panel.locator("li.message"),
    requests,
    console,
    async open() {
      await launcher.click();
      await input.waitFor();
    },
    async ask(text) {
      await input.fill(text);
      await input.press("Enter");
    },
  };
}

/** Saved under test/browser/screenshots/, to be looked at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  saveScreenshot(name, await page.screenshot());
}

export function saveScreenshot(name: string, png: Buffer): void {
  mkdirSync(SCREENSHOTS, { recursive: true });
  writeFileSync(`${SCREENSHOTS}${name}.png`, png);
}

/** The proxy's own count of those that are open. */
export async function countStreams({ proxy }: Demo): Promise<number> {
  const { registry } = proxy.proxy.metrics;
  const viewers = await registry.getSingleMetricAsString("lex_chat_viewers");
  return Number(/^lex_chat_viewers (\d+)$/m.exec(viewers)?.[1]);
}
