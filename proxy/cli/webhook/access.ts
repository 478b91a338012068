/** What the commands on Lex's webhook have in common. */
import { parseSettings } from "../../config.ts";
import { openLex, type LexAccess } from "../access.ts";

export const KEY_SETTING = ["LEX_API_KEY", "Lex's key; it has one webhook"] as const;
export const SECRET_SETTING = ["WEBHOOK_SECRET", "what the header X-Webhook-Secret holds"] as const;

/** Throws a `ConfigError`, or a `CommandError` on Lexey. */
export const openWebhook = (command: string): LexAccess =>
  openLex(
    `webhook ${command}`,
    "Lexey's webhook is its skill Send Webhook on Event: set it up there, with LEXEY_WEBHOOK_SECRET",
  );

export const readSecret = (): string | null => parseSettings(["webhookSecret"]).webhookSecret;
