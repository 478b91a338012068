/** Whom the settings let a command talk with. */
import { parsePlatform, parseSettings } from "../config.ts";
import { createLexAccount, type LexAccount } from "../platforms/lex-account.ts";
import { createLex } from "../platforms/lex.ts";
import { createLexeyClient } from "../platforms/lexey-client.ts";
import type { Platform } from "../platforms/platform.ts";
import type { Dialogue } from "./dialogue.ts";
import { CommandError } from "./errors.ts";
import { explained, type Asked } from "./explain.ts";
import { createLexDialogue } from "./lex-dialogue.ts";
import { createLexeyDialogue } from "./lexey-dialogue.ts";

export type Access = { dialogue: Dialogue; asked: Asked };

const askedOfLex = (url: string): Asked => ({
  name: "Lex",
  url,
  urlSetting: "LEX_URL",
  keySetting: "LEX_API_KEY",
});

const askedOfLexey = (url: string, keySetting: string): Asked => ({
  name: "Lexey",
  url,
  urlSetting: "LEXEY_URL",
  keySetting,
});

/** The agent that customers talk with. Throws a `ConfigError`; a `CommandError` when there is no such conversation. */
export async function openChat(conversationId: string | null): Promise<Access> {
  const { platform: name, platformUrl: url, platformKey } = parsePlatform();
  const options = { baseUrl: url, apiKey: platformKey };
  if (name === "lexey") {
    const client = createLexeyClient("customer", options);
    const asked = askedOfLexey(url, "LEXEY_CUSTOMER_KEY");
    return { dialogue: createLexeyDialogue({ client, conversationId }), asked };
  }
  const platform = createLex(options);
  const asked = askedOfLex(url);
  // Lex would open one under an id that it does not know.
  if (conversationId !== null)
    await explained(asked, () => platform.messages(conversationId, { limit: 1 }));
  return { dialogue: createLexDialogue({ platform, conversationId }), asked };
}

/** Lexey's configuration agent. Throws a `ConfigError`, or a `CommandError` without a key. */
export function openManagement(conversationId: string | null): Access {
  const { lexeyUrl: url, lexeyManagementKey } = parseSettings(["lexeyUrl", "lexeyManagementKey"]);
  if (lexeyManagementKey === null)
    throw new CommandError(
      "LEXEY_MANAGEMENT_KEY is not set",
      "set the management key that Lexey gave you; it starts with lxm_",
    );
  const client = createLexeyClient("management", { baseUrl: url, apiKey: lexeyManagementKey });
  const asked = askedOfLexey(url, "LEXEY_MANAGEMENT_KEY");
  return { dialogue: createLexeyDialogue({ client, conversationId }), asked };
}

export type LexAccess = { account: LexAccount; platform: Platform; asked: Asked };

/** `instead` is what an owner with Lexey can do. Throws a `ConfigError`, or a `CommandError` on Lexey. */
export function openLex(command: string, instead: string): LexAccess {
  const { platform, platformUrl, platformKey } = parsePlatform();
  if (platform === "lexey")
    throw new CommandError(`${command} is for Lex, and the settings are for Lexey`, instead);
  const options = { baseUrl: platformUrl, apiKey: platformKey };
  return {
    platform: createLex(options),
    account: createLexAccount(options),
    asked: askedOfLex(platformUrl),
  };
}
