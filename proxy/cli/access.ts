/** The agent that the settings name. */
import { parsePlatform } from "../config.ts";
import { createLex } from "../platforms/lex.ts";
import type { Platform } from "../platforms/platform.ts";
import type { Asked } from "./explain.ts";

export type Access = { platform: Platform; asked: Asked };

/** Throws a `ConfigError`. */
export function openPlatform(): Access {
  const { platformUrl: url, platformKey } = parsePlatform();
  return {
    platform: createLex({ baseUrl: url, apiKey: platformKey }),
    asked: { name: "Lex", url, urlSetting: "LEX_URL", keySetting: "LEX_API_KEY" },
  };
}
