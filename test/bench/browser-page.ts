/** A visitor's first visit in a slow browser, and what its main thread does. */
import type { Browser, CDPSession, Page } from "playwright-core";

/** As slow as a cheap phone beside this machine. */
export const SLOWDOWN = 4;

const MARK_MS = 10_000;
const POLL_MS = 50;

/** Milliseconds of the main thread since the page was opened; `task` includes all the others. */
export type Work = { task: number; script: number; layout: number; style: number };

export type BrowserPage = {
  page: Page;
  /** The address of everything that was requested. */
  requests: string[];
  work: () => Promise<Work>;
  /** When this mark was set, in milliseconds since the navigation. Waits for it, ten seconds at most. */
  mark: (name: string) => Promise<number>;
  close: () => Promise<void>;
};

/** Opens an empty page with an empty cache. `blocked` addresses are not loaded (`*` stands for anything). */
export async function openBrowserPage(
  browser: Browser,
  blocked: readonly string[] = [],
): Promise<BrowserPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setBlockedURLs", { urls: [...blocked] });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  // CPU time of the thread, so that other processes of this machine do not count.
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  return {
    page,
    requests,
    work: () => readWork(devtools),
    mark: (name) => readMark(page, name),
    close: () => context.close(),
  };
}

async function readMark(page: Page, name: string): Promise<number> {
  const read = (name: string): number | undefined =>
    performance.getEntriesByName(name)[0]?.startTime;
  for (let waited = 0; waited < MARK_MS; waited += POLL_MS) {
    const time = await page.evaluate(read, name);
    if (time !== undefined) return time;
    await page.waitForTimeout(POLL_MS);
  }
  throw new Error(`${name} did not happen on ${page.url()}`);
}

async function readWork(devtools: CDPSession): Promise<Work> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  const read = (name: string): number =>
    1000 * (metrics.find((metric) => metric.name === name)?.value ?? Number.NaN);
  return {
    task: read("TaskDuration"),
    script: read("ScriptDuration"),
    layout: read("LayoutDuration"),
    style: read("RecalcStyleDuration"),
  };
}
