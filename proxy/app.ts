/** The proxy as a handler for any Express app: middleware and routes in the order they run. */
import { join } from "node:path";
import express, { type Express } from "express";
import type { Logger } from "pino";
import { createManagedBranding, type BrandingTimes } from "./branding/managed-branding.ts";
import { parseConfig, type Config, type ProxyOptions } from "./config.ts";
import { createHistory } from "./history/history.ts";
import { createLogger, nameRequests } from "./logger.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { createAccessLog } from "./middleware/access-log.ts";
import { createErrorHandler, refuseWhen, routeNotFound } from "./middleware/errors.ts";
import { createLimits } from "./middleware/limits.ts";
import { noStore, requestId, warnOfForwarding } from "./middleware/headers.ts";
import { createJsonReader } from "./middleware/json.ts";
import { cors, createOriginCheck } from "./middleware/origin.ts";
import { createVisitorCheck } from "./middleware/visitor.ts";
import { createLex } from "./platforms/lex.ts";
import { createLexey } from "./platforms/lexey.ts";
import { createManagement } from "./platforms/lexey-management.ts";
import { createManager } from "./platforms/lexey-manager.ts";
import { observePlatform } from "./platforms/observed.ts";
import type { Branding, ReplyResponse, WidgetSettings } from "./protocol.ts";
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
import { assetRoutes, findWidget } from "./routes/assets.ts";
import { conversationRoutes, type Feedback } from "./routes/conversations.ts";
import { lexeyWebhookRoute } from "./routes/lexey-webhook.ts";
import { healthRoutes } from "./routes/health.ts";
import { manageRoutes } from "./routes/manage.ts";
import { managementRoutes } from "./routes/management.ts";
import { referenceRoutes } from "./routes/reference.ts";
import { sessionRoutes } from "./routes/session.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import { createHandles } from "./visitors/handle.ts";
import { createTokens } from "./visitors/token.ts";
import { createMemoryIndex } from "./visitors/visitor-index.ts";

/** Refused by a proxy that is shutting down. It goes on to let visitors read, and stop an answer. */
const NEW_WORK = ["/api/session", "/api/conversations/reply", "/api/conversations/:id/stream"];

export type ChatProxyOptions = ProxyOptions & {
  /** Defaults to JSON lines on standard output. */
  logger?: Logger;
  /** Defaults to one structured log line for each rating. */
  onFeedback?: (feedback: Feedback) => void;
  /** Where the widget's built files are. Defaults to the package's own. */
  widgetFolder?: string;
  /** Milliseconds until the platform has to have answered a call. Defaults to 15 000. */
  platformTimeoutMs?: number;
  /** Milliseconds that a message waits while the platform is busy. Defaults to 30 000. */
  holdMs?: number;
  /** Waiting times of the relay that tests shorten. Defaults: `RELAY_TIMES`. */
  relayTimes?: Partial<RelayTimes>;
  /** When the configuration agent is asked for the branding. Defaults: five minutes, a minute after a failure. */
  brandingTimes?: Partial<BrandingTimes>;
};

export type ChatProxy = {
  /** Mount it anywhere: `app.use("/chat", proxy.router)`. */
  router: Express;
  config: Config;
  metrics: Metrics;
  logger: Logger;
  /**
   * Refuses messages, sessions and streams, lets answers under way end, at most `DRAIN_SECONDS`, and ends
   * all streams; viewers come back on their own.
   */
  close: () => Promise<void>;
};

/** Settings come from `options`, then from the environment. Throws a `ConfigError` with all problems. */
export function createChatProxy(
  options: ChatProxyOptions = {},
  environment: NodeJS.ProcessEnv = process.env,
): ChatProxy {
  const {
    logger: givenLogger,
    onFeedback: givenOnFeedback,
    widgetFolder = findWidget(),
    platformTimeoutMs,
    holdMs,
    relayTimes = {},
    brandingTimes = {},
    ...settings
  } = options;
  const config = parseConfig(settings, environment);
  const logger = nameRequests(givenLogger ?? createLogger(config));
  const history = createHistory();
  const metrics = createMetrics(history);
  warnAboutOrigins(config, logger);

  const isShared = config.conversations === "shared";
  const ending = new AbortController();
  const connect = { lex: createLex, lexey: createLexey }[config.platform];
  const connected = connect({
    baseUrl: config.platformUrl,
    apiKey: config.platformKey,
    logger,
    signal: ending.signal,
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
  metrics.watch(relay);
  history.watch(() => relay.counts().viewers);
  let isReady = true;

  const logFeedback = (feedback: Feedback): void => logger.info(feedback, "feedback");
  const onFeedback = config.feedback ? (givenOnFeedback ?? logFeedback) : null;
  const branding = (): Partial<Branding> => ({ ...config.branding, ...managed?.current() });
  const widgetSettings = (): WidgetSettings => ({
    branding: branding(),
    feedback: config.feedback,
    newConversation: !isShared,
    messageCharacters: config.limits.limitMessageCharacters,
  });
  const needsIdentity = isShared && config.identitySecret !== null;
  const readJson = createJsonReader(config.limits.limitBodyBytes);

  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.set("trust proxy", config.trustProxy);
  app.use(requestId, createAccessLog(logger));
  if (config.trustProxy === false) app.use(warnOfForwarding(logger));
  app.use(
    healthRoutes({ isReady: () => isReady, redis, metrics, limits, adminToken: config.adminToken }),
  );
  app.use(["/widget.js", "/assets", "/openapi.json", "/llms.txt"], cors);
  app.use(assetRoutes({ folder: widgetFolder, settings: widgetSettings }));
  app.use(referenceRoutes(config.publicUrl));
  app.use(lexeyWebhookRoute({ relay, metrics, deliveries, secret: config.lexeyWebhookSecret }));
  app.use("/webhooks", readJson, webhookRoutes({ relay, metrics, secret: config.webhookSecret }));

  app.use(
    "/api/management",
    refuseWhen(() => !isReady),
    managementRoutes({
      management,
      limits,
      adminToken: config.adminToken,
      maxBodyBytes: config.limits.limitBodyBytes,
      onMessage: () => managed?.refresh(),
    }),
  );

  app.use(
    "/manage",
    manageRoutes({
      config,
      folder: join(widgetFolder, "manage"),
      hasManagement: management !== null,
      branding: {
        current: branding,
        settled: async () => managed?.settled(),
      },
      history,
      limits,
    }),
  );

  app.use("/api", noStore, cors, createOriginCheck(config.origins, logger));
  app.use(
    NEW_WORK,
    refuseWhen(() => !isReady),
  );
  app.use("/api", readJson);
  app.use(
    "/api/session",
    sessionRoutes({ tokens, limits, identitySecret: config.identitySecret, needsIdentity }),
  );
  app.use(
    "/api/conversations",
    createVisitorCheck(tokens, needsIdentity),
    conversationRoutes({
      relay,
      idempotency,
      handles,
      index,
      limits,
      metrics,
      observer: metrics.observer,
      logger,
      maxMessageCharacters: config.limits.limitMessageCharacters,
      isShared,
      onFeedback,
    }),
  );
  app.use(["/api", "/webhooks", "/assets"], routeNotFound);
  app.use(createErrorHandler(logger, metrics));

  return {
    router: app,
    config,
    metrics,
    logger,
    async close() {
      isReady = false;
      managed?.close();
      history.close();
      await relay.close(config.drainSeconds * 1000);
      ending.abort();
      management?.close();
      await idempotency.close();
      await redis?.close();
    },
  };
}

function warnAboutOrigins(config: Config, logger: Logger): void {
  if (config.origins.any)
    logger.warn("ALLOWED_ORIGINS holds *: every page on the internet may use this chat");
  else if (config.allowedOrigins.length === 0) {
    logger.warn("ALLOWED_ORIGINS is empty: no page but those under PUBLIC_URL may use this chat");
  }
}
