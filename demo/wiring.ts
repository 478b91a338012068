/** Which platform the demo runs on, and what the local one and the proxy have to know of each other. */
import { randomBytes } from "node:crypto";
import type { Platform, PlatformOptions } from "./platform/index.ts";

export type PlatformName = "lex" | "lexey";

const KEY_VARIABLES = { lex: "LEX_API_KEY", lexey: "LEXEY_CUSTOMER_KEY" } as const;

/** As `PLATFORM` says; without it Lexey only when its key is the one that is there. */
export function namePlatform({
  PLATFORM,
  LEX_API_KEY,
  LEXEY_CUSTOMER_KEY,
}: NodeJS.ProcessEnv): PlatformName {
  if (PLATFORM) return PLATFORM === "lexey" ? "lexey" : "lex";
  return LEXEY_CUSTOMER_KEY && !LEX_API_KEY ? "lexey" : "lex";
}

/** Whether the environment has a key of the real platform, so that the local one is not needed. */
export function hasRealKey(name: PlatformName, environment: NodeJS.ProcessEnv): boolean {
  return Boolean(environment[KEY_VARIABLES[name]]);
}

/** How the local platform and the proxy meet: options of the one, settings of the other. */
export type Wiring = {
  options: PlatformOptions;
  /** Settings that the environment may change. */
  defaults?: NodeJS.ProcessEnv;
  toSettings: (platform: Platform) => NodeJS.ProcessEnv;
};

export function wire(name: PlatformName, proxyPort: number): Wiring {
  return name === "lex" ? wireLex() : wireLexey(proxyPort);
}

function wireLex(): Wiring {
  const key = "lex2_demo";
  return {
    options: { keys: [key] },
    toSettings: ({ url }) => ({ LEX_URL: url, LEX_API_KEY: key }),
  };
}

function wireLexey(proxyPort: number): Wiring {
  const [customerKey, managementKey] = ["lxc_demo", "lxm_demo"];
  const escalationSecret = randomBytes(32).toString("hex");
  return {
    options: {
      customerKeys: [customerKey],
      managementKeys: [managementKey],
      escalationUrl: `http://127.0.0.1:${proxyPort}/webhooks/lexey`,
      escalationSecret,
    },
    defaults: { BRANDING: "managed" },
    // PLATFORM is in the environment: without it, and without a key, the demo runs on Lex.
    toSettings: ({ url }) => ({
      LEXEY_URL: url,
      LEXEY_CUSTOMER_KEY: customerKey,
      LEXEY_MANAGEMENT_KEY: managementKey,
      LEXEY_WEBHOOK_SECRET: escalationSecret,
    }),
  };
}
