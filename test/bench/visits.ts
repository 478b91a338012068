/** What one visitor does on the shop's page, measured. Times in milliseconds. */
import type { Browser, Page, Request } from "playwright-core";
import { splitTokens } from "../../demo/platform/agent/tokens.ts";
import { addHistory, nameOfHistory } from "../support/history.ts";
import { LAST_WORDS, QUESTION } from "./article.ts";
import { openBrowserPage, type BrowserPage, type Work } from "./browser-page.ts";
import {
  readDisturbances,
  watchAnswer,
  watchLauncher,
  watchMessage,
  watchOpening,
  type Frames,
} from "./probes.ts";
import { openViewer, type Viewer } from "./viewer.ts";

/** For what a page does after it has loaded. */
const REST_MS = 400;
/** Longer than this a frame is felt. */
const LONG_FRAME_MS = 50;

export type Load = {
  firstPaint: number;
  /** Null on a page without the widget. */
  launcher: number | null;
  work: Work;
  longTasks: number[];
  /** Cumulative layout shift. */
  shift: number;
};

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
    ...(await page.evaluate(readDisturbances)),
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

/** A first exchange, in the open chat. Gives the request for its stream. */
export async function greet({ page }: BrowserPage): Promise<Request> {
  const [stream] = await Promise.all([page.waitForRequest(/\/stream$/), ask(page, "Hello")]);
  return stream;
}

/**
 * Writes `count` messages into the conversation of `stream`, and comes back to it. `opening` is from
 * the click until the newest message is on the screen.
 */
export async function restore(
  { page, mark }: BrowserPage,
  stream: Request,
  { file, count }: { file: string; count: number },
): Promise<{ stream: Request; opening: number }> {
  addHistory(file, toConversation(stream), count);
  await page.reload();
  await page.evaluate(watchOpening);
  await page.evaluate(watchMessage, nameOfHistory(count));
  const launcher = page.locator("button.launcher");
  await launcher.hover();
  await page.waitForTimeout(REST_MS);
  const [reopened] = await Promise.all([page.waitForRequest(/\/stream$/), launcher.click()]);
  return { stream: reopened, opening: (await mark("restored")) - (await mark("click")) };
}

/** Asks in the open chat. A second reader of `stream`, outside the browser, knows when the answer ends. */
export async function followAnswer({ page, work }: BrowserPage, stream: Request): Promise<Answer> {
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
  const [url = ""] = request.url().split("/api/");
  return openViewer({ url, headers: { authorization, origin } }, toConversation(request));
}

const toConversation = (stream: Request): string => stream.url().split("/").at(-2) ?? "";

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
