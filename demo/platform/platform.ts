import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createArticleAgent } from "./agent/article-agent.ts";
import { readArticles } from "./agent/articles.ts";
import { createLlmAgent } from "./agent/llm-agent.ts";
import { createKnowledge } from "./agent/knowledge.ts";
import { createApp } from "./app.ts";
import { createChat } from "./chat.ts";
import { lexRouter } from "./lex/router.ts";
import { createStreams } from "./lex/stream.ts";
import { readSettings } from "./settings.ts";
import type { PlatformOptions, Settings } from "./settings.ts";
import { openStore } from "./storage/store.ts";
import { createDelivery } from "./webhooks/delivery.ts";

/** A running platform; `close` ends streams, answers and timers, and frees the port and the file. */
export type Platform = { url: string; port: number; close(): Promise<void> };

/** Where a platform reports trouble, one line each, never with keys or what people wrote. */
export type Log = (line: string) => void;

/** Starts a platform. Throws, naming every problem, when an option is wrong. */
export async function createPlatform(
  options: PlatformOptions = {},
  log: Log = () => {},
): Promise<Platform> {
  const settings = readSettings(options);
  const agent = createAgent(settings);
  const store = openStore(settings.file);
  const delivery = createDelivery({
    find: store.webhooks.find,
    backoffMs: settings.webhookBackoffMs,
    log,
  });
  const chat = createChat({
    store,
    agent,
    onAnswer: delivery.fire,
    log,
    unknownConversation: settings.unknownConversation,
  });
  const streams = createStreams(chat, settings.framing);
  const app = createApp([
    lexRouter({ keys: settings.keys, chat, store, streams, delivery, misbehaviour: settings }),
  ]);
  const server = app.listen(settings.port, settings.host);
  try {
    await once(server, "listening");
  } catch (error) {
    store.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const host = settings.host.includes(":") ? `[${settings.host}]` : settings.host;

  async function shutDown(): Promise<void> {
    const closed = once(server, "close");
    server.close();
    delivery.close();
    // Answers end before the streams that they write to and the storage that they read.
    await chat.close();
    streams.close();
    server.closeAllConnections();
    await closed;
    store.close();
  }
  let closing: Promise<void> | undefined;

  return { url: `http://${host}:${port}`, port, close: () => (closing ??= shutDown()) };
}

function createAgent(settings: Settings) {
  const { articlesFolder, siteUrl, tokensPerSecond, thinkingMs, llm } = settings;
  const knowledge = createKnowledge(readArticles(articlesFolder));
  if (llm) return createLlmAgent({ llm, knowledge, siteUrl });
  return createArticleAgent({ knowledge, siteUrl, tokensPerSecond, thinkingMs });
}
