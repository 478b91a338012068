/** What a proxy is made of, built from its settings: platform, relay, and whatever is kept in memory or Redis. */
import type { Logger } from "pino";
import { createManagedBranding, type BrandingTimes } from "./branding/managed-branding.ts";
import type { Config } from "./config.ts";
import { createLastHour } from "./last-hour/last-hour.ts";
import { createMetrics } from "./metrics.ts";
import { createLimits } from "./middleware/limits.ts";
import { createLex } from "./platforms/lex.ts";
import { createLexey } from "./platforms/lexey.ts";
import { createManagement } from "./platforms/lexey-management.ts";
import { createManager } from "./platforms/lexey-manager.ts";
import { observePlatform } from "./platforms/observed.ts";
import type { ReplyResponse } from "./protocol.ts";
import { createBrandingNews } from "./redis/branding-news.ts";
import { createRedisDeliveries } from "./redis/deliveries.ts";
import { createRedis } from "./redis/connection.ts";
import { createFleetRelay } from "./redis/fleet-relay.ts";
import { createRedisIdempotency } from "./redis/idempotency.ts";
import { createRedisLimits } from "./redis/limits.ts";
import { createRedisIndex } from "./redis/visitor-index.ts";
import { createMemoryDeliveries } from "./relay/deliveries.ts";
import { createLocalRelay, type RelayOptions } from "./relay/local-relay.ts";
import { createMemoryIdempotency } from "./relay/memory-idempotency.ts";
import type { RelayTimes } from "./relay/times.ts";
import { createHandles } from "./visitors/handle.ts";
import { createTokens } from "./visitors/token.ts";
import { createMemoryIndex } from "./visitors/visitor-index.ts";

export type PartTimes = {
  /** Milliseconds until the platform has to have answered a call. Defaults to 15 000. */
  platformTimeoutMs?: number | undefined;
  /** Milliseconds that an answer of Lexey may be silent. Defaults to two minutes. */
  patienceMs?: number | undefined;
  /** Milliseconds that a message waits while the platform is busy. Defaults to 30 000. */
  holdMs?: number | undefined;
  /** Waiting times of the relay that tests shorten. Defaults: `RELAY_TIMES`. */
  relayTimes?: Partial<RelayTimes> | undefined;
  /** When the configuration agent is asked for the branding. Defaults: five minutes, a minute after a failure. */
  brandingTimes?: Partial<BrandingTimes> | undefined;
};

/** Opens the connection to Redis; everything else is opened when it is needed. */
export function createParts(config: Config, logger: Logger, times: PartTimes) {
  const { platformTimeoutMs, patienceMs, holdMs, relayTimes = {}, brandingTimes = {} } = times;
  const lastHour = createLastHour();
  const metrics = createMetrics(lastHour);
  const isShared = config.conversations === "shared";
  const ending = new AbortController();
  const connect = { lex: createLex, lexey: createLexey }[config.platform];
  const connected = connect({
    baseUrl: config.platformUrl,
    apiKey: config.platformKey,
    logger,
    signal: ending.signal,
    ...(patienceMs !== undefined && { patienceMs }),
    ...(platformTimeoutMs !== undefined && { timeoutMs: platformTimeoutMs }),
  });
  const platform = observePlatform(connected, metrics.platformObserver);
  const redis = config.redisUrl === null ? null : createRedis(config.redisUrl, logger);
  if (redis) metrics.watchRedis(redis);
  const relayOptions: RelayOptions = {
    platform,
    logger,
    observer: metrics.observer,
    isShared,
    // Lexey says nothing of its own accord but by webhook.
    hasWebhook: config.webhookSecret !== null || config.platform === "lexey",
    coalesceMs: config.coalesceMs,
    padding: config.padding,
    toolDetails: config.toolDetails,
    times: relayTimes,
    ...(holdMs !== undefined && { holdMs }),
  };
  const relay = redis
    ? createFleetRelay({ ...relayOptions, redis })
    : createLocalRelay(relayOptions);
  const tokens = createTokens(config.sessionSecret);
  const handles = createHandles(config.sessionSecret, platform.name);
  const index = redis
    ? createRedisIndex(redis, { days: config.indexDays, logger })
    : createMemoryIndex(config.indexDays);
  const idempotency = redis
    ? createRedisIdempotency<ReplyResponse>(redis, logger)
    : createMemoryIdempotency<ReplyResponse>();
  const deliveries = redis ? createRedisDeliveries(redis) : createMemoryDeliveries();
  const limits = createLimits(config.limits, redis ? createRedisLimits(redis) : undefined);
  const manager =
    config.lexeyManagementKey === null
      ? null
      : {
          baseUrl: config.lexeyUrl,
          apiKey: config.lexeyManagementKey,
          ...(platformTimeoutMs !== undefined && { timeoutMs: platformTimeoutMs }),
        };
  const management = manager && createManagement(manager);
  const managed =
    manager && config.isBrandingManaged
      ? createManagedBranding({ ask: createManager(manager), logger, times: brandingTimes })
      : null;
  const brandingNews = redis && managed && createBrandingNews(redis, managed.refresh);
  metrics.watch(relay);
  lastHour.watch(() => relay.counts().viewers);

  return {
    metrics,
    lastHour,
    redis,
    relay,
    limits,
    tokens,
    handles,
    index,
    idempotency,
    deliveries,
    /** Null without `LEXEY_MANAGEMENT_KEY`. */
    management,
    /** Null unless `BRANDING` is `managed`. */
    managed,
    /** The configuration agent may have changed the branding: every proxy asks for it. */
    refreshBranding() {
      managed?.refresh();
      brandingNews?.tell();
    },

    /** Lets answers under way end, at most `DRAIN_SECONDS`, and ends all streams. */
    async close() {
      managed?.close();
      brandingNews?.close();
      lastHour.close();
      await relay.close(config.drainSeconds * 1000);
      ending.abort();
      management?.close();
      await idempotency.close();
      await redis?.close();
    },
  };
}
