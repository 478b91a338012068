import { pickBreaks, readBreaks, type Breaks } from "./breaks.ts";
import { readArticles } from "./agent/articles.ts";
import { createAgents } from "./agents.ts";
import { createLots } from "./lots.ts";
import { openPort } from "./port.ts";
import { createService } from "./service.ts";
import { readSettings } from "./settings.ts";
import type { PlatformOptions } from "./settings.ts";
import { openStore } from "./storage/store.ts";

/** A running platform; `close` ends streams, answers and timers, and frees the port and the file. */
export type Platform = {
  url: string;
  port: number;
  /** Breaks, or mends, from now on. Throws, naming every problem, when a break is wrong. */
  misbehave: (change: Partial<Breaks>) => void;
  close: () => Promise<void>;
};

/** Where a platform reports trouble, one line each, never with keys or what people wrote. */
export type Log = (line: string) => void;

/** Starts a platform. Throws, naming every problem, when an option is wrong. */
export async function createPlatform(
  options: PlatformOptions = {},
  log: Log = () => {},
): Promise<Platform> {
  const settings = readSettings(options);
  const breaks = pickBreaks(settings);
  const lots = createLots(breaks);
  const articles = readArticles(settings.articlesFolder);
  const store = openStore(settings.file);
  const agents = createAgents({ settings, articles, store });
  const start = () => createService({ settings, breaks, lots, agents, store, log, misbehave });
  let service = start();
  const port = await openPort(settings, (...exchange) => service.app(...exchange)).catch(
    (error: unknown) => {
      store.close();
      throw error;
    },
  );

  function misbehave(change: Record<string, unknown>): void {
    const read = readBreaks(change);
    Object.assign(breaks, read);
    if (read.refuseMs) port.leave(read.refuseMs);
    if (read.restartMs) restart(read.restartMs);
  }

  /** What was not in the database yet is lost, as in a process that was killed. */
  function restart(awayMs: number): void {
    port.leave(awayMs);
    retired.push(service.abandon());
    service = start();
  }
  const retired: Array<Promise<void>> = [];

  async function shutDown(): Promise<void> {
    const { cutAll, closed } = port.close();
    await service.close();
    cutAll();
    await Promise.all([closed, ...retired]);
    store.close();
  }
  let closing: Promise<void> | undefined;

  misbehave({ refuseMs: breaks.refuseMs, restartMs: breaks.restartMs });
  return { url: port.url, port: port.port, misbehave, close: () => (closing ??= shutDown()) };
}
