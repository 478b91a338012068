/** What one visitor does on the shop's page, measured. Times in milliseconds. */
import type { Browser, Page, Request } from "playwright-core";
import { splitTokens } from "../../demo/platform/agent/tokens.ts";
import { LAST_WORDS, QUESTION } from "./article.ts";
import { openBrowserPage, type BrowserPage, type Work } from "./browser-page.ts";
import { watchAnswer, watchLauncher, watchOpening, type Frames } from "./probes.ts";
import { openViewer, type Viewer } from "./viewer.ts";

/** For what a page does after it has loaded. */
const REST_MS = 400;
/** Longer than this a frame is felt. */
const LONG_FRAME_MS = 50;

/** `launcher` is null on a page without the widget. */
export type Load = { firstPaint: number; launcher: number | null; work: Work };

export type Answer = {
  tokens: number;
  work: Work;
  /** Of the time that the answer took, 0–1. */
  longFrames: number;
  longestFrame: number;
  /** From the stream's end until the finished answer is on the screen. */
  lag: number;
};

/** What it takes to see the page, with the widget or without it. */
export async function visit(
  browser: Browser,
  url: string,
  hasWidget: boolean,
): Promise<{ open: BrowserPage; load: Load }> {
  const open = await openBrowserPage(browser, hasWidget ? [] : ["*/widget.js"]);
  const { page, mark, work } = open;
  await page.addInitScript(watchLauncher);
  await page.goto(url);
  await page.waitForTimeout(REST_MS);
  const load = {
    firstPaint: await mark("first-contentful-paint"),
    launcher: hasWidget ? await mark("launcher") : null,
    work: await work(),
  };
  return { open, load };
}

/** From the click until the visitor can type. A click by mouse comes with its pointer-over. */
export async function openChat({ page, mark }: BrowserPage, isWarm: boolean): Promise<number> {
  const launcher = page.locator("button.launcher");
  await page.evaluate(watchOpening);
  if (isWarm) {
    await launcher.hover();
    await page.waitForTimeout(REST_MS);
  }
  await launcher.click();
  return (await mark("input")) - (await mark("click"));
}

/**
 * Asks in the open chat. After a first exchange, so that its stream is open: a second reader of it,
 * outside the browser, knows when the answer ends.
 */
export async function followAnswer({ page, work }: BrowserPage): Promise<Answer> {
  const [stream] = await Promise.all([page.waitForRequest(/\/stream$/), ask(page, "Hello")]);
  const viewer = await joinStream(stream);
  const answer = viewer.nextAnswer();
  const before = await work();
  const { gaps, endedAt, text } = await ask(page, QUESTION);
  const after = await work();
  const sent = await answer;
  viewer.close();
  if (!text.includes(LAST_WORDS)) throw new Error("The answer on the screen is not whole.");
  return {
    tokens: splitTokens(sent.text).length,
    work: subtract(after, before),
    longFrames: total(gaps.filter((gap) => gap > LONG_FRAME_MS)) / total(gaps),
    longestFrame: Math.max(...gaps),
    lag: endedAt - (performance.timeOrigin + sent.completeAt),
  };
}

/** Resolves when the answer is on the screen. */
async function ask(page: Page, text: string): Promise<Frames> {
  const watch = await page.evaluateHandle(watchAnswer);
  await page.keyboard.insertText(text);
  await page.keyboard.press("Enter");
  return watch.evaluate(({ frames }) => frames);
}

/** As the page has it: same visitor, same origin. */
function joinStream(request: Request): Promise<Viewer> {
  const { authorization = "" } = request.headers();
  const { origin } = new URL(request.frame().url());
  const [, url = "", id = ""] =
    /^(.*)\/api\/conversations\/(.*)\/stream$/.exec(request.url()) ?? [];
  return openViewer({ url, headers: { authorization, origin } }, id);
}

function subtract(after: Work, before: Work): Work {
  return {
    task: after.task - before.task,
    script: after.script - before.script,
    layout: after.layout - before.layout,
    style: after.style - before.style,
  };
}

const total = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
