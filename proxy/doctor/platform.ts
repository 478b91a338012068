/** The agent platform: can it be reached, does it take the key, and does the webhook point here. */
import type { Config } from "../config.ts";
import { PlatformError } from "../platforms/platform.ts";
import { createPlatformClient } from "../platforms/request.ts";
import { explainFailure } from "./failure.ts";
import { findingsAbout, type Finding } from "./finding.ts";

const TIMEOUT_MS = 10_000;
/** Tokens are dated: beyond this clocks disagree about which have expired. */
const MAX_CLOCK_SECONDS = 30;

const { ok, warning, problem } = findingsAbout("platform");

/** One request without the key, and if that works one GET with it. */
export async function checkPlatform(config: Config): Promise<Finding[]> {
  const address = config.lexUrl;
  try {
    const answer = await fetch(address, {
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return [...checkClock(answer.headers.get("date")), ...(await checkKey(config))];
  } catch (error) {
    const { says, fix } = explainFailure(error, address);
    return [problem(`LEX_URL: ${says}`, fix)];
  }
}

function checkClock(date: string | null): Finding[] {
  const seconds = Math.round((Date.now() - Date.parse(date ?? "")) / 1000);
  if (Number.isNaN(seconds) || Math.abs(seconds) <= MAX_CLOCK_SECONDS) return [];
  const direction = seconds > 0 ? "ahead of" : "behind";
  return [
    warning(
      `this machine's clock is ${Math.abs(seconds)} s ${direction} the platform's: tokens expire at the wrong time`,
      "let it follow a time server (systemd-timesyncd, chrony)",
    ),
  ];
}

async function checkKey(config: Config): Promise<Finding[]> {
  const client = createPlatformClient({
    baseUrl: config.lexUrl,
    apiKey: config.platformKey,
    timeoutMs: TIMEOUT_MS,
  });
  try {
    const webhook = await client.json({ method: "GET", path: ["api", "webhooks", "me"] });
    return [
      ok(`${config.lexUrl} answers and accepts LEX_API_KEY`),
      ...checkWebhook(webhook, config.webhookSecret),
    ];
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return [explainRefusal(error, config.lexUrl)];
  }
}

function explainRefusal({ status, failure, message }: PlatformError, address: string): Finding {
  if (status === 401)
    return problem(
      "the platform does not know LEX_API_KEY (401)",
      "copy the key again; it may have been replaced",
    );
  if (status === 403)
    return problem(
      "LEX_API_KEY may not be used for this (403)",
      "ask the platform what the key may do",
    );
  if (status === 404 || failure === "invalid")
    return problem(
      `${address} is not Lex's API (${status ?? failure})`,
      "set LEX_URL to the address without /api",
    );
  if (status !== undefined && status >= 300 && status < 400)
    return problem(
      `${address} redirects (${status}), and the key is sent nowhere else`,
      "set LEX_URL to the address it leads to",
    );
  return problem(message, "try again; if it stays so, ask the platform");
}

function checkWebhook(webhook: unknown, secret: string | null): Finding[] {
  const { ok, warning } = findingsAbout("webhook");
  const url = (webhook as { url?: unknown } | null)?.url;
  const isOurs = typeof url === "string" && url.endsWith("/webhooks/lex");
  if (secret === null)
    return isOurs
      ? [
          warning(
            `the platform calls ${url}, and the proxy ignores it`,
            "set WEBHOOK_SECRET to the value of the header X-Webhook-Secret",
          ),
        ]
      : [];
  if (isOurs) return [ok(`the platform calls ${url}`)];
  return [
    warning(
      "WEBHOOK_SECRET is set, and the platform calls no address that ends in /webhooks/lex",
      "set the webhook up at the platform (README, Webhook), or take WEBHOOK_SECRET out",
    ),
  ];
}
