/** A visitor's browser with up to three tabs, its line, and a proxy that can be killed. */
import { randomBytes } from "node:crypto";
import type { Browser, CDPSession } from "playwright-core";
import type { Saved } from "../../../widget/store.ts";
import type { Waiting } from "../../../widget/waiting.ts";
import { launchTabs } from "../../support/chromium.ts";
import { openPage, startTestDemo, type Chat } from "../../support/demo.ts";
import { findPort } from "../../support/find-port.ts";
import { startHoldingProxy } from "../../support/holding-proxy.ts";
import { startProxyProcess, type ProxyProcess } from "../../support/proxy-process.ts";

export const ADMIN_TOKEN = randomBytes(32).toString("hex");
export const PLATFORM_KEY = "lex2_demo";

/** What was typed into tab number `tab`, and taken. */
export type Sent = {
  text: string;
  tab: number;
  /** The visitor has left it behind: it may not have arrived. */
  isGivenUp: boolean;
  /** Not by itself: its place is not that in which it was typed. */
  isSentAgain: boolean;
};

export type Tab = {
  chat: Chat;
  /** Counts all that were ever opened. */
  number: number;
  devtools: CDPSession;
  isAsleep: boolean;
  /** The panel was open since the page was loaded. */
  wasShown: boolean;
  /** What the composer has to have. */
  draft: string;
};

export type World = Awaited<ReturnType<typeof createWorld>>;

/** `isHeld`: something on the way holds back streams, so that the widget has to ask. */
export async function createWorld(isHeld: boolean) {
  const demo = await startTestDemo({ platform: { tokensPerSecond: 60, thinkingMs: 300 } });
  const { port } = demo.proxy;
  await demo.proxy.close();
  const proxyPort = isHeld ? await findPort() : port;
  const proxyUrl = `http://127.0.0.1:${proxyPort}`;
  const platformUrl = demo.platform?.url ?? "";
  const origin = demo.site.url;
  const start = (): Promise<ProxyProcess> =>
    startProxyProcess({
      PORT: String(proxyPort),
      LEX_URL: platformUrl,
      LEX_API_KEY: PLATFORM_KEY,
      ALLOWED_ORIGINS: origin,
      ADMIN_TOKEN,
      DRAIN_SECONDS: "1",
      LIMIT_MESSAGES_PER_VISITOR: "1000",
      LIMIT_READS_PER_VISITOR: "10000",
    });
  let proxy: ProxyProcess | undefined = await start();
  if (isHeld) await startHoldingProxy(proxyUrl, Infinity, port);
  const { context, close: closeBrowser } = await launchTabs();
  const slots: Array<Tab | undefined> = [];
  const consoles: string[][] = [];
  const sent: Sent[] = [];
  const log: string[] = [];
  const startedAt = Date.now();
  let isOnline = true;

  const tabs = (): Tab[] => slots.filter((tab) => tab !== undefined && !tab.isAsleep) as Tab[];

  async function setAsleep(tab: Tab, isAsleep: boolean): Promise<void> {
    const state = isAsleep ? "frozen" : "active";
    await tab.devtools.send("Page.setWebLifecycleState", { state });
    tab.isAsleep = isAsleep;
  }

  const world = {
    isHeld,
    origin,
    proxyUrl,
    platformUrl,
    sent,
    log,
    /** Those that are awake. */
    tabs,
    setAsleep,
    /** What is in the composers, as the browser has to remember it. */
    storedDraft: "",
    hasLine: () => isOnline && proxy !== undefined,
    errors: () => consoles.flat().filter((line) => line.startsWith("uncaught")),
    note: (text: string): void => void log.push(`${Date.now() - startedAt} ms: ${text}`),
    tabAt: (slot: number) => slots[slot],

    /** What the browser remembers of the chat. */
    async storage(): Promise<{ saved: Saved; waiting: Waiting[] }> {
      const [tab] = tabs();
      const entries = await tab?.chat.page.evaluate(() => Object.entries<string>(localStorage));
      const chats = (entries ?? []).filter(([name]) => name.startsWith("lex-chat:"));
      const parse = (isWaiting: boolean) =>
        chats
          .filter(([name]) => name.includes(" ") === isWaiting)
          .map(([, text]) => JSON.parse(text) as unknown);
      return { saved: (parse(false)[0] ?? {}) as Saved, waiting: parse(true) as Waiting[] };
    },

    async open(slot: number): Promise<void> {
      const chat = await openPage(context.browser() as Browser, origin, { context });
      const devtools = await context.newCDPSession(chat.page);
      const number = consoles.push(chat.console);
      slots[slot] = { chat, devtools, number, isAsleep: false, wasShown: false, draft: "" };
    },

    async close(slot: number): Promise<void> {
      const tab = slots[slot];
      slots[slot] = undefined;
      await tab?.chat.page.close();
    },

    async setOnline(next: boolean): Promise<void> {
      isOnline = next;
      await context.setOffline(!isOnline);
    },

    async kill(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
      await proxy?.end(signal);
      proxy = undefined;
    },

    async startProxy(): Promise<void> {
      proxy ??= await start();
    },

    /** Everything is as it should be again. */
    async giveBack(): Promise<void> {
      await world.startProxy();
      await world.setOnline(true);
      for (const tab of slots) if (tab?.isAsleep) await setAsleep(tab, false);
      world.note("all is given back");
    },

    async end(): Promise<void> {
      await closeBrowser();
      await world.kill("SIGKILL");
      await demo.close();
    },
  };
  return world;
}
