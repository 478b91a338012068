import type { Express } from "express";
import type { Agents } from "./agent/agent.ts";
import { afterHandOver } from "./agent/handed-over.ts";
import { recorded } from "./agent/recorded.ts";
import { createApp } from "./app.ts";
import type { Breaks } from "./breaks.ts";
import { createChat } from "./chat.ts";
import { controlRouter } from "./control.ts";
import { createMessageHook } from "./lex/message-hook.ts";
import { lexRouter } from "./lex/router.ts";
import { createStreams } from "./lex/stream.ts";
import { createEscalationHook } from "./lexey/escalation-hook.ts";
import { customerAccountOf } from "./lexey/customer-account.ts";
import { lexeyRouter } from "./lexey/router.ts";
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
  agents: Agents;
  store: Store;
  log: (line: string) => void;
  misbehave: (change: Record<string, unknown>) => void;
};

export function createService(options: ServiceOptions): Service {
  const { settings, breaks, lots, agents, store, log, misbehave } = options;
  const { keys, customerKeys, managementKeys, webhookBackoffMs, framing } = settings;
  const delivery = createDelivery({ backoffMs: webhookBackoffMs, log });
  const hook = createMessageHook(store, delivery);
  const common = { store, breaks, lots, log };

  const lex = createChat({
    ...common,
    agentFor: ({ account }) => agents.personal(account),
    onAnswer: hook.fire,
    onFailure: "apology",
    unknownConversation: settings.unknownConversation,
  });
  const customer = createChat({
    ...common,
    agentFor: ({ id, account, status }) => {
      const agent = recorded(agents.customer(account), id, store.answers.add);
      return status === "escalated" ? afterHandOver(agent) : agent;
    },
    onEscalation: createEscalationHook({ store, delivery, settings }),
    onFailure: "error",
  });
  const management = createChat({
    ...common,
    agentFor: ({ account }) => agents.management(customerAccountOf(account, settings)),
    onFailure: "error",
  });

  const streams = createStreams({ ...common, chat: lex, framing });
  const app = createApp([
    controlRouter([...keys, ...customerKeys, ...managementKeys], misbehave),
    lexRouter({ ...common, keys, chat: lex, streams, hook, misbehaviour: settings }),
    lexeyRouter({ ...common, customer, management, settings }),
  ]);

  async function abandon(): Promise<void> {
    delivery.close();
    await Promise.all([lex, customer, management].map((chat) => chat.close()));
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
