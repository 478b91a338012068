import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import { findChromium, launchChromium, launchTabs } from "../support/chromium.ts";
import { countStreams, openPage, startTestDemo, type Chat } from "../support/demo.ts";

const WAIT = { timeout: 20_000 };
const QUESTION = "How much is shipping to Germany?";

describe.skipIf(!findChromium())("the tabs of a browser", () => {
  let browser: Browser;
  let demo: Demo;
  let context: BrowserContext;

  beforeAll(async () => {
    [browser, demo] = await Promise.all([
      launchChromium(),
      startTestDemo({ platform: { tokensPerSecond: 60, thinkingMs: 300 } }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({ reducedMotion: "reduce" });
    onTestFinished(() => context.close());
  });

  const streams = () => countStreams(demo);

  async function openTab(): Promise<Chat> {
    const chat = await openPage(browser, demo.site.url, { context });
    await chat.open();
    return chat;
  }

  /** The first has had one answer, and is the one with the stream. */
  async function openTabs(): Promise<[Chat, Chat, Chat]> {
    const first = await openTab();
    await first.ask("Hello");
    await isAnswered(first, 2);
    const tabs: [Chat, Chat, Chat] = [first, ...(await Promise.all([openTab(), openTab()]))];
    for (const tab of tabs) await isAnswered(tab, 2);
    await expect.poll(streams, WAIT).toBe(1);
    return tabs;
  }

  /** The second answer is under way. */
  const isAnswering = ({ messages }: Chat): Promise<void> =>
    messages
      .nth(3)
      .getByText(/shipping/)
      .waitFor();

  /** The answer that is its `count`th message is complete. */
  const isAnswered = ({ messages }: Chat, count: number): Promise<void> =>
    messages
      .nth(count - 1)
      .locator("time")
      .waitFor(WAIT);

  const texts = ({ messages }: Chat): Promise<string[]> =>
    messages.locator(".bubble, .markdown").allTextContents();

  it("have one stream, and all show what is asked in one of them, and its answer, once", async () => {
    const [a, b, c] = await openTabs();
    await b.ask(QUESTION);
    await a.panel.getByRole("button", { name: "Stop answering" }).waitFor();
    for (const tab of [a, b, c]) await isAnswered(tab, 4);
    expect(await streams()).toBe(1);
    const [hello, greeting, question, answer] = await texts(a);
    expect([hello, question]).toEqual(["Hello", QUESTION]);
    expect(answer).toContain("€4.90");
    for (const tab of [b, c]) expect(await texts(tab)).toEqual([hello, greeting, question, answer]);
  });

  it("open the same conversation, and what is read in one of them is read in all", async () => {
    const [a, b, c] = await openTabs();
    await a.panel.getByRole("button", { name: "New conversation" }).click();
    for (const { panel } of [b, c]) await panel.getByText("Need help with Marlow?").waitFor();
    await a.ask(QUESTION);
    for (const tab of [b, c, a]) {
      await tab.messages.getByText(QUESTION).waitFor();
      await tab.page.keyboard.press("Escape");
    }
    for (const { launcher } of [a, b, c])
      await expect.poll(() => launcher.getAttribute("aria-label"), WAIT).toMatch(/, 1 unread$/);
    await a.open();
    for (const { launcher } of [b, c])
      await expect.poll(() => launcher.getAttribute("aria-label"), WAIT).toMatch(/Support$/);
  });

  it("stop an answer from any of them", async () => {
    const [a, b, c] = await openTabs();
    await b.ask(QUESTION);
    await isAnswering(c);
    await c.panel.getByRole("button", { name: "Stop answering" }).click();
    for (const tab of [a, b, c]) await tab.messages.getByText("Stopped").waitFor();
    expect(await texts(a)).toEqual(await texts(c));
    expect(await texts(b)).toEqual(await texts(c));
  });

  it("lose nothing of an answer when the one with the stream is closed in the middle of it", async () => {
    const [a, b, c] = await openTabs();
    await c.ask(QUESTION);
    await isAnswering(c);
    await a.page.close();
    for (const tab of [b, c]) await isAnswered(tab, 4);
    expect(await streams()).toBe(1);
    expect(await texts(b)).toEqual(await texts(c));
    await b.page.reload();
    await b.open();
    await isAnswered(b, 4);
    expect(await texts(b)).toEqual(await texts(c));
  });

  it("replace the one with the stream when it sleeps in the middle of an answer", async () => {
    const { close, ...people } = await launchTabs();
    onTestFinished(close);
    ({ context } = people);
    const a = await openTab();
    await a.ask("Hello");
    await isAnswered(a, 2);
    const b = await openTab();
    await isAnswered(b, 2);
    await b.ask(QUESTION);
    await isAnswering(b);
    const devtools = await context.newCDPSession(a.page);
    await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
    // Half a minute later.
    await b.page.evaluate(() => {
      const { now } = Date;
      Date.now = () => now() + 31_000;
    });
    await isAnswered(b, 4);
    // Who sleeps does not notice.
    expect(await streams()).toBe(2);
    await devtools.send("Page.setWebLifecycleState", { state: "active" });
    await expect.poll(streams, WAIT).toBe(1);
    await a.page.bringToFront();
    await isAnswered(a, 4);
    expect(await texts(a)).toEqual(await texts(b));
  });

  it("become one visitor with one conversation when two of them send their first message at once", async () => {
    const [a, b] = await Promise.all([openTab(), openTab()]);
    await Promise.all([a.ask("Hello"), b.ask(QUESTION)]);
    for (const tab of [a, b]) await isAnswered(tab, 4);
    const sessions = [...a.requests, ...b.requests].filter((path) => path === "POST /api/session");
    expect(sessions).toHaveLength(1);
    expect((await texts(a)).toSorted()).toEqual((await texts(b)).toSorted());
    await expect.poll(streams, WAIT).toBe(1);
  });
});
