/** Lex: does it take the key, and does its webhook point here. */
import type { Config } from "../config.ts";
import { LEX_WEBHOOK_PATH, WEBHOOK_SECRET_HEADER } from "../lex-webhook.ts";
import { createLexAccount, type LexWebhook } from "../platforms/lex-account.ts";
import { PlatformError } from "../platforms/platform.ts";
import { findingsAbout, type Finding } from "./finding.ts";
import { explainRefusal } from "./refusal.ts";

const TIMEOUT_MS = 10_000;

export async function checkLex(config: Config): Promise<Finding[]> {
  const { platformUrl: address, platformKey: apiKey, webhookSecret } = config;
  const account = createLexAccount({ baseUrl: address, apiKey, timeoutMs: TIMEOUT_MS });
  const { ok } = findingsAbout("platform");
  try {
    const webhook = await account.webhook();
    return [
      ok(`${address} answers and accepts LEX_API_KEY`),
      ...checkWebhook(webhook, webhookSecret),
    ];
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return [explainRefusal(error, { name: "Lex", address, url: "LEX_URL", key: "LEX_API_KEY" })];
  }
}

function checkWebhook(webhook: LexWebhook | null, secret: string | null): Finding[] {
  const { ok, warning } = findingsAbout("webhook");
  const isOurs = webhook !== null && webhook.url.endsWith(LEX_WEBHOOK_PATH);
  if (secret === null)
    return isOurs
      ? [
          warning(
            `the platform calls ${webhook.url}, and the proxy ignores it`,
            `set WEBHOOK_SECRET to the value of the header ${WEBHOOK_SECRET_HEADER}`,
          ),
        ]
      : [];
  if (!isOurs)
    return [
      warning(
        `WEBHOOK_SECRET is set, and the platform calls no address that ends in ${LEX_WEBHOOK_PATH}`,
        "set the webhook up: lex-chat webhook set; or take WEBHOOK_SECRET out",
      ),
    ];
  if (!Object.values(webhook.headers).includes(secret))
    return [
      warning(
        `the platform calls ${webhook.url} with another secret than WEBHOOK_SECRET`,
        "give it this one: lex-chat webhook set --replace",
      ),
    ];
  return [ok(`the platform calls ${webhook.url}`)];
}
