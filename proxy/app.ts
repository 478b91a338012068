/** The proxy as a handler for any Express app: middleware and routes in the order they run. */
import { join } from "node:path";
import express, { type Express } from "express";
import type { Logger } from "pino";
import { findWidget } from "./built-widget.ts";
import { parseConfig, type Config, type ProxyOptions } from "./config.ts";
import { createLogger, nameRequests } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import { createAccessLog } from "./middleware/access-log.ts";
import { createErrorHandler, refuseWhen, routeNotFound } from "./middleware/errors.ts";
import { noStore, requestId, warnOfForwarding } from "./middleware/headers.ts";
import { createJsonReader } from "./middleware/json.ts";
import { cors, createOriginCheck } from "./middleware/origin.ts";
import { createVisitorCheck } from "./middleware/visitor.ts";
import { createParts, type PartTimes } from "./parts.ts";
import type { Branding, WidgetSettings } from "./protocol.ts";
import { assetRoutes } from "./routes/assets.ts";
import { conversationRoutes, type Feedback } from "./routes/conversations.ts";
import { lexeyWebhookRoute } from "./routes/lexey-webhook.ts";
import { healthRoutes } from "./routes/health.ts";
import { manageRoutes } from "./routes/manage.ts";
import { managementRoutes } from "./routes/management.ts";
import { referenceRoutes } from "./routes/reference.ts";
import { sessionRoutes } from "./routes/session.ts";
import { webhookRoutes } from "./routes/webhooks.ts";

/** Refused by a proxy that is shutting down. It goes on to let visitors read, and stop an answer. */
const NEW_WORK = ["/api/session", "/api/conversations/reply", "/api/conversations/:id/stream"];

export type ChatProxyOptions = ProxyOptions &
  PartTimes & {
    /** Defaults to JSON lines on standard output. */
    logger?: Logger;
    /** Defaults to one structured log line for each rating. */
    onFeedback?: (feedback: Feedback) => void;
    /** Where the widget's built files are. Defaults to the package's own. */
    widgetFolder?: string;
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
    patienceMs,
    holdMs,
    relayTimes,
    brandingTimes,
    ...settings
  } = options;
  const config = parseConfig(settings, environment);
  const logger = nameRequests(givenLogger ?? createLogger(config));
  warnAboutOrigins(config, logger);

  const times = { platformTimeoutMs, patienceMs, holdMs, relayTimes, brandingTimes };
  const parts = createParts(config, logger, times);
  const { metrics, lastHour, redis, relay, limits, tokens, management, managed } = parts;
  const isShared = config.conversations === "shared";
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
  app.use(lexeyWebhookRoute({ ...parts, secret: config.lexeyWebhookSecret }));
  app.use("/webhooks", readJson, webhookRoutes({ relay, metrics, secret: config.webhookSecret }));

  app.use(
    "/api/management",
    refuseWhen(() => !isReady),
    managementRoutes({
      management,
      limits,
      adminToken: config.adminToken,
      maxBodyBytes: config.limits.limitBodyBytes,
      onMessage: parts.refreshBranding,
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
      lastHour,
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
      ...parts,
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
      await parts.close();
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
