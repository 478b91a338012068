/** The agent that the settings name, and what only Lex has. */
import { parsePlatform } from "../config.ts";
import { createLexAccount, type LexAccount } from "../platforms/lex-account.ts";
import { createLex } from "../platforms/lex.ts";
import type { Platform } from "../platforms/platform.ts";
import { CommandError } from "./errors.ts";
import type { Asked } from "./explain.ts";

export type Access = { platform: Platform; asked: Asked };

const askedOfLex = (url: string): Asked => ({
  name: "Lex",
  url,
  urlSetting: "LEX_URL",
  keySetting: "LEX_API_KEY",
});

/** Throws a `ConfigError`. */
export function openPlatform(): Access {
  const { platformUrl: url, platformKey } = parsePlatform();
  return { platform: createLex({ baseUrl: url, apiKey: platformKey }), asked: askedOfLex(url) };
}

export type LexAccess = Access & { account: LexAccount };

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
