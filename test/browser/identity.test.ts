/** The shop signs customers in: what is one's is shown to no other, in any tab. */
import { randomBytes } from "node:crypto";
import { chromium, type Browser, type BrowserContext, type Route } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Demo } from "../../demo/demo.ts";
import type { SessionResponse } from "../../proxy/protocol.ts";
import { createTokens } from "../../proxy/visitors/token.ts";
import { chromiumArguments, findChromium, launchChromium } from "../support/chromium.ts";
import { openContext, openPage, startTestDemo, type Chat } from "../support/demo.ts";

const WAIT = { timeout: 20_000 };
const HOUR = 3600_000;
const SECRET = "My grinder's serial number is 4711";
const SLOW_QUESTION = "How much is shipping to Germany?";

describe.skipIf(!findChromium())("a customer whom the shop has signed in", () => {
  const sessionSecret = randomBytes(32).toString("hex");
  let browser: Browser;
  let demo: Demo;
  let context: BrowserContext;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    // Nobody has been there yet.
    demo = await startTestDemo({
      sessionSecret,
      platform: { tokensPerSecond: 60, thinkingMs: 300 },
      environment: { DRAIN_SECONDS: "0" },
    });
    onTestFinished(() => demo.close());
    context = await openContext(browser);
  });

  async function openTab(): Promise<Chat> {
    return openPage(browser, demo.site.url, { context, path: "/variants/identify.html" });
  }

  async function signIn({ page }: Chat, name: "Ada" | "Bob"): Promise<void> {
    await page.getByRole("button", { name: `Sign in as ${name}` }).click();
    await page.getByText(`${name} is signed in.`).waitFor();
  }

  async function signOut({ page }: Chat): Promise<void> {
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("Nobody is signed in.").waitFor();
  }

  /** The chat of a customer who has had an answer. */
  async function startChat(name: "Ada" | "Bob"): Promise<Chat> {
    const chat = await openTab();
    await signIn(chat, name);
    await chat.open();
    await chat.ask(SECRET);
    await isAnswered(chat);
    return chat;
  }

  const isAnswered = ({ messages }: Chat): Promise<void> =>
    messages.last().locator(".markdown ~ time").waitFor();

  const isEmpty = ({ panel }: Chat): Promise<void> =>
    panel.getByText("Need help with Marlow?").waitFor();

  /** All that the browser keeps for the shop. */
  const stored = ({ page }: Chat): Promise<string> =>
    page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));

  /** The proxy's own count of open streams. */
  async function streams(): Promise<number> {
    const { registry } = demo.proxy.proxy.metrics;
    const text = await registry.getSingleMetricAsString("lex_chat_viewers");
    return Number(/^lex_chat_viewers (\d+)$/m.exec(text)?.[1]);
  }

  /** The token of the last call that had one. */
  function followToken({ page }: Chat): () => string {
    let token = "";
    page.on("request", async (request) => {
      token = request.headers()["authorization"] ?? token;
    });
    return () => token;
  }

  /** The next token ends after so many milliseconds. */
  async function shortenSession(milliseconds: number): Promise<void> {
    const tokens = createTokens([sessionSecret], () => Date.now() - HOUR + milliseconds);
    const shorten = async (route: Route): Promise<void> => {
      const response = await route.fetch();
      const session = (await response.json()) as SessionResponse;
      const { token } = await tokens.sign(session.visitorId, demo.site.url);
      await route.fulfill({ response, json: { ...session, token } });
    };
    await context.route("**/api/session", shorten, { times: 1 });
  }

  /** A customer whose hour is over, and whom the shop has signed out meanwhile. */
  async function outstay(): Promise<Chat> {
    const ada = await startChat("Ada");
    await ada.page.reload();
    await ada.page.getByText("Ada is signed in.").waitFor();
    await context.clearCookies();
    await shortenSession(6000);
    await ada.open();
    await ada.messages.getByText(SECRET).waitFor();
    await ada.panel.getByText("You’re signed out.").waitFor(WAIT);
    await ada.ask("Are you there?");
    await ada.messages.getByText("Not sent.").waitFor();
    return ada;
  }

  const countAccounts = ({ page }: Chat): (() => number) => {
    let count = 0;
    page.on("request", (request) => {
      if (new URL(request.url()).pathname === "/account") count += 1;
    });
    return () => count;
  };

  it("leaves nothing in the browser, and finds the last conversation on the next page", async () => {
    const ada = await startChat("Ada");
    expect(await stored(ada)).toBe("{}");
    await ada.page.reload();
    await ada.page.getByText("Ada is signed in.").waitFor();
    const before = [...ada.requests];
    await ada.open();
    await ada.messages.getByText(SECRET).waitFor();
    // Until somebody opened it, nothing but the script was asked for.
    expect(before.slice(before.lastIndexOf("GET /widget.js") + 1)).toEqual([]);
    expect(await stored(ada)).toBe("{}");
  });

  it("is gone from all tabs when somebody else signs in, who can't reach their conversation", async () => {
    const a = await startChat("Ada");
    const b = await openTab();
    await b.open();
    await b.messages.getByText(SECRET).waitFor();
    await b.input.fill("And my address is");
    const handle = a.requests.join().match(/conversations\/([\w.-]+)\/stream/)?.[1] ?? "";
    const bobsToken = followToken(a);
    await signIn(a, "Bob");
    for (const tab of [a, b]) {
      await isEmpty(tab);
      expect(await tab.panel.textContent()).not.toContain("4711");
    }
    expect(await b.input.inputValue()).toBe("");
    await expect.poll(streams, WAIT).toBe(0);

    await a.page.bringToFront();
    await a.ask("Hello");
    await isAnswered(a);
    await a.panel.getByRole("button", { name: "Menu" }).click();
    await a.panel.getByRole("menuitem", { name: "Conversations" }).click();
    const list = a.panel.getByRole("region", { name: "Conversations" });
    await list.getByRole("listitem").waitFor();
    expect(await list.getByRole("listitem").allTextContents()).toEqual([
      expect.stringContaining("Hello"),
    ]);
    const response = await fetch(`${demo.proxy.url}/api/conversations/${handle}/messages`, {
      headers: { Authorization: bobsToken() },
    });
    expect(handle).not.toBe("");
    expect(response.status).toBe(404);
    for (const tab of [a, b]) expect(await stored(tab)).toBe("{}");
  });

  it("is signed out in all tabs while an answer is written, which nobody reads on", async () => {
    const a = await startChat("Ada");
    const b = await openTab();
    await b.open();
    await b.messages.getByText(SECRET).waitFor();
    await a.ask(SLOW_QUESTION);
    await b.messages.nth(3).getByText("About shipping").waitFor();
    await signOut(b);
    for (const tab of [a, b]) await isEmpty(tab);
    await expect.poll(streams, WAIT).toBe(0);
    expect(await stored(a)).toBe("{}");
    await b.ask("Hello, I am somebody else");
    await isAnswered(b);
    expect(await stored(b)).toContain("token");
    expect(await b.messages.count()).toBe(2);
  });

  it("does not get what was said, or typed, in the browser before", async () => {
    const [a, b] = [await openTab(), await openTab()];
    for (const tab of [a, b]) await tab.open();
    await a.ask(SECRET);
    await isAnswered(a);
    await b.messages.getByText(SECRET).waitFor();
    await b.input.fill("And my address is");
    await a.input.fill("What is more,");
    await signIn(a, "Ada");
    for (const tab of [a, b]) {
      await isEmpty(tab);
      expect(await tab.input.inputValue()).toBe("");
      expect(await stored(tab)).toBe("{}");
    }
    await expect.poll(streams, WAIT).toBe(0);
  });

  it("is not who has chatted before in a browser whose chat is closed", async () => {
    const before = await openTab();
    await before.open();
    await before.ask(SECRET);
    await isAnswered(before);
    await before.page.close();
    const chat = await openTab();
    await signIn(chat, "Ada");
    await expect.poll(() => stored(chat), WAIT).toBe("{}");
    await chat.open();
    await isEmpty(chat);
  });

  it("goes on with a new token when the hour is over, for which the shop is asked once", async () => {
    await shortenSession(3000);
    const ada = await openTab();
    await signIn(ada, "Ada");
    const asked = countAccounts(ada);
    await ada.open();
    await ada.ask(SECRET);
    await isAnswered(ada);
    // The stream ends with the token, and is resumed with the next one.
    await expect.poll(asked, WAIT).toBe(1);
    await ada.ask("Hello");
    await isAnswered(ada);
    expect(await ada.messages.count()).toBe(4);
    expect(asked()).toBe(1);
  });

  it("is told that the shop has signed them out, and loses nothing that they wrote since", async () => {
    const ada = await outstay();
    await signIn(ada, "Ada");
    await ada.messages.nth(3).locator("time").waitFor();
    expect(await ada.messages.count()).toBe(4);
    expect(await ada.panel.getByText("You’re signed out.").count()).toBe(0);
  });

  it("says nothing as a guest that they wrote when they were signed out", async () => {
    const ada = await outstay();
    const sent: string[] = [];
    ada.page.on("request", (request) => sent.push(request.postData() ?? ""));
    await ada.panel.getByRole("button", { name: "Continue as a guest" }).click();
    await isEmpty(ada);
    expect(await ada.input.evaluate((input) => input.matches(":focus"))).toBe(true);
    await ada.ask("Hello");
    await isAnswered(ada);
    expect(await ada.messages.count()).toBe(2);
    expect(sent.join()).toContain("Hello");
    expect(sent.join()).not.toContain("Are you there?");
  });

  it("is gone from a tab whose chat was never opened", async () => {
    const a = await startChat("Ada");
    const b = await openTab();
    await b.page.getByText("Ada is signed in.").waitFor();
    await signOut(a);
    await isEmpty(a);
    await b.open();
    await isEmpty(b);
    expect(b.requests.join()).not.toContain("/api/");
  });

  it("is no reason to wipe what a guest has begun since, in a tab that never opened its chat or slept", async () => {
    const asleep = await startChat("Ada");
    const closed = await openTab();
    const guest = await openTab();
    const devtools = await context.newCDPSession(asleep.page);
    await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
    await signOut(closed);
    await guest.open();
    await guest.ask("I'm only looking around");
    await isAnswered(guest);
    const kept = await stored(guest);
    await devtools.send("Page.setWebLifecycleState", { state: "active" });
    // What has slept becomes the guest's, as each tab of theirs.
    await asleep.messages.getByText("I'm only looking around").waitFor(WAIT);
    await closed.launcher.hover();
    await closed.open();
    await closed.messages.getByText("I'm only looking around").waitFor(WAIT);
    expect(await stored(guest)).toBe(kept);
    expect(await guest.messages.count()).toBe(2);
  });

  it("is gone from a page that comes back", async () => {
    const remembering = await chromium.launch({
      executablePath: findChromium() ?? "",
      args: chromiumArguments(process.getuid?.() === 0),
      ignoreDefaultArgs: ["--disable-back-forward-cache"],
    });
    onTestFinished(() => remembering.close());
    context = await openContext(remembering);
    const ada = await startChat("Ada");
    await ada.page.evaluate(() => Object.assign(window, { isSame: true }));
    await ada.page.goto(`${demo.site.url}/variants/plain.html`);
    await context.clearCookies();
    await ada.page.goBack({ waitUntil: "commit" });
    expect(await ada.page.evaluate(() => "isSame" in window)).toBe(true);
    await isEmpty(ada);
  });
});
