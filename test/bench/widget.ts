/** What the widget costs a page and its visitor, in Chromium on a slow processor. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import type { Demo } from "../../demo/demo.ts";
import { launchChromium } from "../support/chromium.ts";
import { startTestDemo } from "../support/demo.ts";
import { createArticleFolder } from "./article.ts";
import { SLOWDOWN, type Work } from "./browser-page.ts";
import type { Extent, Print } from "./extent.ts";
import { formatNumber } from "./format.ts";
import { drawPlainChat } from "./plain-chat.ts";
import { measureSizes, SIZES_HEADER, toSizeRows } from "./sizes.ts";
import { median } from "./statistics.ts";
import { renderTable, type Row } from "./table.ts";
import { followAnswer, openChat, visit, type Answer, type Load } from "./visits.ts";

const BUILD = fileURLToPath(new URL("../../widget/build.ts", import.meta.url));
const TOKENS_PER_SECOND = 500;

/** `cold` and `warm`: milliseconds from click to input, without and with the mouse at rest there before. */
type Visits = {
  without: Load[];
  with: Load[];
  cold: number[];
  warm: number[];
  answers: Answer[];
  plainAnswers: Answer[];
  requests: string[];
};

export async function benchWidget({ rounds, tokens }: Extent, print: Print): Promise<void> {
  execFileSync(process.execPath, [BUILD], { stdio: ["ignore", "ignore", "inherit"] });
  const articles = createArticleFolder(tokens);
  const closing: Array<() => unknown> = [articles.remove];
  try {
    const browser = await launchChromium();
    closing.unshift(() => browser.close());
    const demo = await startTestDemo({
      platform: {
        articlesFolder: articles.path,
        tokensPerSecond: TOKENS_PER_SECOND,
        thinkingMs: 0,
      },
    });
    closing.unshift(demo.close);
    const visits = await makeVisits(browser, demo, rounds);
    const sizes = toSizeRows(await measureSizes(visits.requests));
    print(
      `WIDGET: median of ${rounds}; Chromium, processor slowed down ${SLOWDOWN} times; milliseconds`,
    );
    print(renderTable("Size", SIZES_HEADER, sizes));
    print(renderLoads(visits));
    print(renderOpening(visits));
    print(renderAnswers(visits));
  } finally {
    for (const close of closing) await close();
  }
}

/** Each round one of each, so that what else the machine does meets all of them. */
async function makeVisits(browser: Browser, demo: Demo, rounds: number): Promise<Visits> {
  const { url } = demo.site;
  // As the shop's Content Security Policy spells it.
  const proxyUrl = `http://localhost:${demo.proxy.port}`;
  const visits: Visits = {
    without: [],
    with: [],
    cold: [],
    warm: [],
    answers: [],
    plainAnswers: [],
    requests: [],
  };
  // The first page of a browser is like no other.
  await (await visit(browser, url, true)).open.close();
  for (let round = 0; round < rounds; round += 1) {
    const plain = await visit(browser, url, false);
    visits.without.push(plain.load);
    await plain.open.page.evaluate(drawPlainChat, proxyUrl);
    visits.plainAnswers.push(await followAnswer(plain.open));
    await plain.open.close();

    const cold = await visit(browser, url, true);
    visits.with.push(cold.load);
    visits.cold.push(await openChat(cold.open, false));
    visits.answers.push(await followAnswer(cold.open));
    visits.requests = cold.open.requests;
    await cold.open.close();

    const warm = await visit(browser, url, true);
    visits.with.push(warm.load);
    visits.warm.push(await openChat(warm.open, true));
    await warm.open.close();
  }
  return visits;
}

function renderLoads(visits: Visits): string {
  const header: Row = ["", "first paint", "launcher painted", "task", "script", "layout", "style"];
  const toRow = (name: string, loads: readonly Load[]): Row => {
    const launchers = loads.flatMap(({ launcher }) => launcher ?? []);
    return [
      name,
      formatNumber(median(loads.map(({ firstPaint }) => firstPaint))),
      formatNumber(launchers.length > 0 ? median(launchers) : null),
      ...toWorkCells(loads),
    ];
  };
  return renderTable("The shop's page until it is at rest", header, [
    toRow("without the widget", visits.without),
    toRow("with it", visits.with),
  ]);
}

function renderOpening({ cold, warm }: Visits): string {
  return renderTable(
    "From the click until the visitor can type",
    ["", "ms"],
    [
      ["nothing loaded before", formatNumber(median(cold))],
      ["mouse over the launcher before", formatNumber(median(warm))],
    ],
  );
}

function renderAnswers({ answers, plainAnswers }: Visits): string {
  const tokens = median(answers.map((answer) => answer.tokens));
  const header: Row = [
    "",
    "task",
    "script",
    "layout",
    "style",
    "% of time in frames > 50 ms",
    "longest frame",
    "on screen after the stream's end",
  ];
  const toRow = (name: string, answers: readonly Answer[]): Row => [
    name,
    ...toWorkCells(answers),
    formatNumber(100 * median(answers.map(({ longFrames }) => longFrames))),
    formatNumber(median(answers.map(({ longestFrame }) => longestFrame))),
    formatNumber(median(answers.map(({ lag }) => lag))),
  ];
  return renderTable(`An answer of ${tokens} tokens, ${TOKENS_PER_SECOND} a second`, header, [
    toRow("text appended by hand", plainAnswers),
    toRow("the widget, Markdown", answers),
  ]);
}

function toWorkCells(measured: ReadonlyArray<{ work: Work }>): string[] {
  const fields = ["task", "script", "layout", "style"] as const;
  return fields.map((field) => formatNumber(median(measured.map(({ work }) => work[field]))));
}
