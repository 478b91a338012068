import { existsSync } from "node:fs";

import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { findPort } from "./find-port.ts";

/** Where systems put a Chromium, in the order of preference. */
const systemPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

export type ChromiumSearch = {
  /** `CHROMIUM` of the environment: a path that wins, and that must exist. */
  chosen?: string | undefined;
  /** Where Playwright would have installed its own. */
  playwrightPath?: string;
  exists?: (path: string) => boolean;
};

/** The Chromium that the browser tests use, or null. Throws if `CHROMIUM` names a missing file. */
export function findChromium(search: ChromiumSearch = {}): string | null {
  const {
    chosen = process.env.CHROMIUM,
    playwrightPath = chromium.executablePath(),
    exists = existsSync,
  } = search;
  if (chosen) {
    if (exists(chosen)) return chosen;
    throw new Error(`CHROMIUM is ${chosen}, and there is no such file: correct it or unset it.`);
  }
  return [playwrightPath, ...systemPaths].find((path) => exists(path)) ?? null;
}

/** Starts the Chromium of `findChromium`, headless and quiet on the network. Close it in teardown. */
export function launchChromium(...extra: string[]): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error("No Chromium found: run `npm test` to set one up.");
  const args = [...chromiumArguments(process.getuid?.() === 0), ...extra];
  return chromium.launch({ executablePath, args });
}

/**
 * A browser as people have it: one of its tabs is looked at, the last one or what `bringToFront` says, and
 * the others can be put to sleep. Elsewhere Playwright pretends that all are looked at.
 */
export async function launchTabs(): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const port = await findPort();
  const browser = await launchChromium(`--remote-debugging-port=${port}`);
  const url = `http://127.0.0.1:${port}`;
  const [context] = (await chromium.connectOverCDP(url, { noDefaults: true })).contexts();
  if (!context) throw new Error("Chromium has no window.");
  return { context, close: () => browser.close() };
}

/** Chromium refuses to run as root with its sandbox on; everybody else keeps the sandbox. */
export function chromiumArguments(isRoot: boolean): string[] {
  return [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    ...(isRoot ? ["--no-sandbox"] : []),
  ];
}
