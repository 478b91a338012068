/** What the owner can watch, in Prometheus' format. One registry for each proxy. */
import { Counter, Gauge, Registry } from "prom-client";
import type { Relay } from "./relay/relay.ts";

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    sends: new Counter({
      name: "lex_chat_sends_total",
      help: "Messages of visitors, by outcome.",
      labelNames: ["outcome"],
      registers,
    }),
    feedback: new Counter({
      name: "lex_chat_feedback_total",
      help: "Ratings of answers.",
      labelNames: ["rating"],
      registers,
    }),
    webhooks: new Counter({
      name: "lex_chat_webhooks_total",
      help: "Webhooks of the platform, by whether a viewer's conversation was meant.",
      labelNames: ["known"],
      registers,
    }),
    /** Gauges are read from the relay at the moment somebody asks. */
    watch(relay: Relay): void {
      for (const name of ["conversations", "subscriptions", "viewers"] as const) {
        const gauge: Gauge = new Gauge({
          name: `lex_chat_${name}`,
          help: `Open ${name} of the relay.`,
          registers,
          collect: () => gauge.set(relay.counts()[name]),
        });
      }
    },
  };
}
