/** What the widget costs a page and its visitor, in Chromium on a slow processor. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import type { Demo } from "../../demo/demo.ts";
import { launchChromium } from "../support/chromium.ts";
import { startTestDemo } from "../support/demo.ts";
import { createArticleFolder } from "./article.ts";
import { SLOWDOWN } from "./browser-page.ts";
import type { Extent, Print } from "./extent.ts";
import { comparePeers } from "./peers.ts";
import { drawPlainChat } from "./plain-chat.ts";
import { measureSizes, SIZES_HEADER, toSizeRows } from "./sizes.ts";
import { renderTable } from "./table.ts";
import { followAnswer, greet, openChat, restore, visit } from "./visits.ts";
import { renderWidgetTables, TOKENS_PER_SECOND, type Visits } from "./widget-tables.ts";

const BUILD = fileURLToPath(new URL("../../widget/build.ts", import.meta.url));
/** Messages of a conversation, before an answer and when it is opened again. */
const HISTORY = 500;
const LONG_HISTORY = 1000;

/** With `PEER_BENCH`, the folder of a bench of chat widgets, other widgets are measured after it. */
export async function benchWidget({ rounds, tokens }: Extent, print: Print): Promise<void> {
  execFileSync(process.execPath, [BUILD], { stdio: ["ignore", "ignore", "inherit"] });
  const articles = createArticleFolder(tokens);
  const closing: Array<() => unknown> = [articles.remove];
  try {
    const browser = await launchChromium();
    closing.unshift(() => browser.close());
    const file = join(articles.path, "platform.db");
    const demo = await startTestDemo({
      platform: {
        file,
        articlesFolder: articles.path,
        tokensPerSecond: TOKENS_PER_SECOND,
        thinkingMs: 0,
      },
      // The hardest for a browser: each token is an event of its own.
      environment: { COALESCE_MS: "0", LIMIT_SESSIONS_PER_ADDRESS: "1000" },
    });
    closing.unshift(demo.close);
    const visits = await makeVisits({ browser, demo, file, rounds });
    const sizes = toSizeRows(await measureSizes(visits.requests));
    print(
      `WIDGET: median of ${rounds}; Chromium, processor slowed down ${SLOWDOWN} times; milliseconds`,
    );
    print(renderTable("Size", SIZES_HEADER, sizes));
    for (const table of renderWidgetTables(visits)) print(table);
  } finally {
    for (const close of closing) await close();
  }
  const peerBench = process.env["PEER_BENCH"];
  if (peerBench) await comparePeers(peerBench, rounds, print);
}

type Setting = { browser: Browser; demo: Demo; file: string; rounds: number };

/** Each round one of each, so that what else the machine does meets all of them. */
async function makeVisits({ browser, demo, file, rounds }: Setting): Promise<Visits> {
  const { url } = demo.site;
  // As the shop's Content Security Policy spells it.
  const proxyUrl = `http://localhost:${demo.proxy.port}`;
  const visits: Visits = {
    without: [],
    with: [],
    cold: [],
    warm: [],
    restored: [],
    answers: [],
    answersBehind: [],
    plainAnswers: [],
    requests: [],
  };
  // The first page of a browser is like no other.
  await (await visit(browser, url, true)).open.close();
  for (let round = 0; round < rounds; round += 1) {
    const plain = await visit(browser, url, false);
    visits.without.push(plain.load);
    await plain.open.page.evaluate(drawPlainChat, proxyUrl);
    visits.plainAnswers.push(await followAnswer(plain.open, await greet(plain.open)));
    await plain.open.close();

    const cold = await visit(browser, url, true);
    visits.with.push(cold.load);
    visits.cold.push(await openChat(cold.open, false));
    visits.answers.push(await followAnswer(cold.open, await greet(cold.open)));
    visits.requests = cold.open.requests;
    await cold.open.close();

    const warm = await visit(browser, url, true);
    visits.with.push(warm.load);
    visits.warm.push(await openChat(warm.open, true));
    const begun = await greet(warm.open);
    const { stream } = await restore(warm.open, begun, { file, count: HISTORY });
    visits.answersBehind.push(await followAnswer(warm.open, stream));
    await warm.open.close();

    const long = await visit(browser, url, true);
    await openChat(long.open, true);
    const restored = await restore(long.open, await greet(long.open), {
      file,
      count: LONG_HISTORY,
    });
    visits.restored.push(restored.opening);
    await long.open.close();
  }
  return visits;
}
