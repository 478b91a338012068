import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import { createArticleFolder, LAST_WORDS, QUESTION } from "../bench/article.ts";
import { findChromium, launchChromium } from "../support/chromium.ts";
import { closeLater } from "../support/close-later.ts";
import { openPage, startTestDemo, type Chat } from "../support/demo.ts";
import { addHistory, nameOfHistory } from "../support/history.ts";
import { makeFolder } from "../support/programs.ts";

/** Seven seconds of an answer, many times as high as the panel. */
const TOKENS = 1400;
const TOKENS_PER_SECOND = 200;
const HISTORY = 120;

/** Where the reader is: pixels of the conversation above and below what is seen. */
const place = ({ panel }: Chat): Promise<{ above: number; below: number }> =>
  panel.locator(".scroller").evaluate((scroller) => {
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    return { above: scrollTop, below: scrollHeight - clientHeight - scrollTop };
  });

/** The machine may be slow. */
const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 20_000 });

const news = ({ panel }: Chat) => panel.getByRole("button", { name: "New messages" });
const isAnswered = ({ messages }: Chat) =>
  messages.last().getByText(LAST_WORDS).waitFor({ timeout: 30_000 });

/** The text has grown, and its end is seen. */
async function follows(chat: Chat): Promise<void> {
  const { above } = await place(chat);
  await eventually(async () => {
    const now = await place(chat);
    return now.above > above + 100 && now.below < 2;
  }).toBe(true);
}

describe.skipIf(!findChromium())("the reader's place", () => {
  let browser: Browser;
  let demo: Demo;
  const file = join(makeFolder(), "platform.db");

  beforeAll(async () => {
    const articles = createArticleFolder(TOKENS);
    closeLater(articles.remove);
    const platform = {
      file,
      articlesFolder: articles.path,
      tokensPerSecond: TOKENS_PER_SECOND,
      thinkingMs: 0,
    };
    [browser, demo] = await Promise.all([launchChromium(), startTestDemo({ platform })]);
  });
  // An answer that nobody waits for would slow down the next one.
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  /** A long answer streams; it is higher than the panel already. */
  async function startAnswer(): Promise<Chat> {
    const chat = await openPage(browser, demo.site.url);
    await chat.open();
    await chat.ask(QUESTION);
    await eventually(async () => (await place(chat)).above).toBeGreaterThan(200);
    return chat;
  }

  async function scroll({ page, panel }: Chat, pixels: number): Promise<void> {
    await panel.locator(".scroller").hover();
    await page.mouse.wheel(0, pixels);
  }

  it("stays at the newest text while that streams", async () => {
    const chat = await startAnswer();
    expect((await place(chat)).below).toBeLessThan(2);
    await isAnswered(chat);
    await eventually(async () => (await place(chat)).below).toBeLessThan(2);
    expect(await news(chat).count()).toBe(0);
  });

  it("is left alone after the smallest step up, and a button leads back to the newest text", async () => {
    const chat = await startAnswer();
    await scroll(chat, -12);
    await news(chat).waitFor();
    const { above, below } = await place(chat);
    await eventually(async () => (await place(chat)).below).toBeGreaterThan(below + 100);
    expect((await place(chat)).above).toBe(above);
    await news(chat).click();
    await follows(chat);
    expect(await news(chat).count()).toBe(0);
  });

  it("follows the text again when the reader has scrolled down to it", async () => {
    const chat = await startAnswer();
    await scroll(chat, -200);
    await news(chat).waitFor();
    await scroll(chat, 20_000);
    await follows(chat);
    expect(await news(chat).count()).toBe(0);
  });

  it("is no reason to lose what is selected in the block that is being written", async () => {
    const chat = await startAnswer();
    const text = chat.messages.last().locator(".markdown");
    const selectLastBlock = (text: HTMLElement): string => {
      const [beginning] = text.lastElementChild?.childNodes ?? [];
      if (beginning) getSelection()?.selectAllChildren(beginning);
      return beginning?.textContent?.trim() ?? "";
    };
    const read = (text: HTMLElement) => {
      const root = text.getRootNode() as ShadowRoot & { getSelection: () => Selection | null };
      return { selected: String(root.getSelection()).trim(), length: text.textContent.length };
    };
    for (let round = 0; round < 5; round += 1) {
      await eventually(() => text.evaluate(selectLastBlock)).not.toBe("");
      const before = await text.evaluate(read);
      await eventually(async () => (await text.evaluate(read)).length).toBeGreaterThan(
        before.length + 80,
      );
      const { selected } = await text.evaluate(read);
      expect(selected.slice(0, before.selected.length)).toBe(before.selected);
    }
  });

  it("is kept when earlier messages are put before it", async () => {
    const chat = await openPage(browser, demo.site.url);
    const stream = chat.page.waitForRequest(/\/stream$/);
    await chat.open();
    await chat.ask("Hello");
    await chat.messages.nth(1).waitFor();
    addHistory(file, (await stream).url().split("/").at(-2) ?? "", HISTORY);
    await chat.page.reload();
    await chat.open();
    await chat.panel.getByText(nameOfHistory(HISTORY)).waitFor();
    await eventually(async () => (await place(chat)).below).toBeLessThan(2);

    const oldest = chat.messages.first();
    await scroll(chat, -20_000);
    const text = await oldest.textContent();
    const topOf = () =>
      chat.messages.filter({ hasText: text?.match(/Message \d+\./)?.[0] ?? "" }).boundingBox();
    const before = await topOf();
    await eventually(() => oldest.textContent()).not.toBe(text);
    // A list is scrolled by whole pixels, in the frame that draws them; its messages end between them.
    const moved = async () => Math.abs(((await topOf())?.y ?? Infinity) - (before?.y ?? 0));
    await eventually(moved).toBeLessThan(1);
  });
});
