/** What the owner can watch, in Prometheus' format: no label holds an id or a text. One registry for each proxy. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { ERRORS } from "./errors.ts";
import type { LastHour } from "./last-hour/last-hour.ts";
import type { PlatformObserver } from "./platforms/observed.ts";
import type { PlatformEvent } from "./platforms/platform.ts";
import type { ErrorCode } from "./protocol.ts";
import type { AdmissionKind, DropReason, Observer } from "./relay/observer.ts";
import type { RelayCounts } from "./relay/relay.ts";

const FIRST_TEXT_SECONDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120];
const RELAY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.035, 0.06, 0.1, 0.25, 1];
const CALL_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

// Zero from the start on, so that a rate can be seen from the first event on.
const EVENT_TYPES: Record<PlatformEvent["type"], number> = {
  init: 0,
  message: 0,
  chunk: 0,
  complete: 0,
  "tool-use": 0,
  "tool-result": 0,
  state: 0,
  status: 0,
  failed: 0,
  empty: 0,
};
const ADMISSIONS: Record<AdmissionKind, number> = { fresh: 0, replay: 0, snapshot: 0 };
const DROPS: Record<DropReason, number> = { slow: 0, stalled: 0 };

export type Metrics = ReturnType<typeof createMetrics>;

/** `lastHour` is told what the owner's page shows. */
export function createMetrics(lastHour: LastHour) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const { counter, gauge, histogram, tally } = metricsOf(registry);

  const eventsIn = tally("platform_events", "Events of the platform.", "type", EVENT_TYPES);
  const eventsOut = tally("viewer_events", "Events written, once for each viewer.", null, {
    all: 0,
  });
  const admissions = tally(
    "admissions",
    "Streams begun, by what they got first.",
    "kind",
    ADMISSIONS,
  );
  const drops = tally("dropped_viewers", "Viewers that could not keep up.", "reason", DROPS);
  const reconnects = counter("platform_reconnects", "Streams of the platform opened again.");
  const sends = counter("sends", "Messages of visitors, by outcome.", "outcome");
  const refusals = counter("refusals", "Requests answered with a problem.", "code");
  const failures = counter("platform_errors", "Failed calls to the platform.", "call", "kind");
  const firstText = histogram("first_text", FIRST_TEXT_SECONDS, {
    help: "From the platform's accepting a message to the first text of its answer.",
  });
  const relayDelay = histogram("relay_delay", RELAY_SECONDS, {
    help: "From the platform's bytes to the viewers' frames, the joining of chunks included.",
  });
  const calls = histogram("platform_call_duration", CALL_SECONDS, {
    help: "Calls to the platform until their answer; of a stream, until it is open.",
    label: "call",
  });

  const observer: Observer = {
    shown: (viewers) => void (eventsOut.all += viewers),
    admitted: (kind) => void (admissions[kind] += 1),
    dropped: (reason) => void (drops[reason] += 1),
    answerBegan(seconds) {
      firstText.observe(seconds);
      lastHour.answerBegan(seconds);
    },
    relayed: (seconds) => relayDelay.observe(seconds),
    reconnected: () => reconnects.inc(),
  };
  const platformObserver: PlatformObserver = {
    called: (call, seconds) => calls.observe({ call }, seconds),
    failed: (call, kind) => failures.inc({ call, kind }),
    received(type) {
      eventsIn[type] += 1;
      if (type === "failed") lastHour.failed();
    },
  };

  return {
    registry,
    observer,
    platformObserver,

    /** A message of a visitor: `accepted`, or the code of what kept it from being sent. */
    sent(outcome: "accepted" | ErrorCode): void {
      sends.inc({ outcome });
      if (outcome === "accepted") lastHour.messageSent();
    },

    /** A request was answered with a problem. */
    refused(code: ErrorCode): void {
      refusals.inc({ code });
      if (ERRORS[code].status >= 500 && code !== "shutting_down") lastHour.failed();
    },

    feedback: counter("feedback", "Ratings of answers.", "rating"),
    webhooks: counter(
      "webhooks",
      "Webhooks of the platform, by whether it is known here.",
      "known",
    ),

    /** Gauges are read at the moment somebody asks. */
    watch(relay: { counts: () => RelayCounts }): void {
      gauge(
        "conversations",
        "Conversations that the relay holds.",
        () => relay.counts().conversations,
      );
      gauge("platform_streams", "Streams of the platform.", () => relay.counts().subscriptions);
      gauge("viewers", "Open streams of visitors.", () => relay.counts().viewers);
    },

    /** Not there without Redis: a zero would look like an outage. */
    watchRedis(redis: { isUp: () => boolean }): void {
      gauge("redis_up", "1 while Redis can be used.", () => Number(redis.isUp()));
    },
  };
}

/** The kinds of metrics, each with our prefix and the unit's suffix. */
function metricsOf(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(
    name: string,
    help: string,
    ...labelNames: Label[]
  ): Counter<Label> => new Counter({ name: `lex_chat_${name}_total`, help, labelNames, registers });

  return {
    counter,

    gauge(name: string, help: string, read: () => number): void {
      const own: Gauge = new Gauge({
        name: `lex_chat_${name}`,
        help,
        registers,
        collect: () => own.set(read()),
      });
    },

    histogram: (name: string, buckets: number[], options: { help: string; label?: string }) =>
      new Histogram({
        name: `lex_chat_${name}_seconds`,
        help: options.help,
        buckets,
        labelNames: options.label === undefined ? [] : [options.label],
        registers,
      }),

    /** A counter kept in plain numbers: events come and go thousands of times a second. */
    tally<Value extends string>(
      name: string,
      help: string,
      label: string | null,
      start: Record<Value, number>,
    ): Record<Value, number> {
      const counts = { ...start };
      const own: Counter = new Counter({
        name: `lex_chat_${name}_total`,
        help,
        labelNames: label === null ? [] : [label],
        registers,
        collect() {
          own.reset();
          for (const [value, count] of Object.entries<number>(counts))
            own.inc(label === null ? {} : { [label]: value }, count);
        },
      });
      return counts;
    },
  };
}
