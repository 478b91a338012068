import type { Express } from "express";
import type { Agent } from "./agent/agent.ts";
import { createApp } from "./app.ts";
import type { Breaks } from "./breaks.ts";
import { createChat } from "./chat.ts";
import { lexRouter } from "./lex/router.ts";
import { createStreams } from "./lex/stream.ts";
import type { Lots } from "./lots.ts";
import type { Settings } from "./settings.ts";
import type { Store } from "./storage/store.ts";
import { createDelivery } from "./webhooks/delivery.ts";

/** All that a process holds in memory: what answers calls, writes answers and delivers webhooks. */
export type Service = {
  app: Express;
  /** Ends answers, then streams. Resolves when they have let go of the storage. */
  close: () => Promise<void>;
  /** Stops at once, as a killed process does; resolves as `close` does. */
  abandon: () => Promise<void>;
};

export type ServiceOptions = {
  settings: Settings;
  breaks: Breaks;
  lots: Lots;
  agent: Agent;
  store: Store;
  log: (line: string) => void;
  misbehave: (change: Record<string, unknown>) => void;
};

export function createService(options: ServiceOptions): Service {
  const { settings, breaks, lots, agent, store, log, misbehave } = options;
  const delivery = createDelivery({
    find: store.webhooks.find,
    backoffMs: settings.webhookBackoffMs,
    log,
  });
  const { unknownConversation, framing } = settings;
  const onAnswer = delivery.fire;
  const chat = createChat({ store, agent, onAnswer, log, unknownConversation, breaks });
  const streams = createStreams({ chat, framing, breaks, lots });
  const app = createApp([
    lexRouter({
      keys: settings.keys,
      chat,
      store,
      streams,
      delivery,
      misbehaviour: settings,
      breaks,
      lots,
      misbehave,
    }),
  ]);

  function abandon(): Promise<void> {
    delivery.close();
    return chat.close();
  }

  return {
    app,
    abandon,
    async close() {
      // Answers end before the streams that they write to.
      await abandon();
      streams.close();
    },
  };
}
