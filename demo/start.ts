/** `npm start`: the demo, and the addresses to open. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startDemo, type Demo } from "./demo.ts";

const CACHE = new URL("../.cache/", import.meta.url);

const HINTS = {
  lex: "local; LEX_API_KEY=lex2_… npm start uses the real Lex, PLATFORM=lexey npm start Lexey's API",
  lexey: "local, Lexey's API; LEXEY_CUSTOMER_KEY=lxc_… npm start uses the real Lexey",
};

/** Kept between runs, so that a chat survives a restart when the platform's storage does. */
function keptSecret(name: "session-secret" | "identity-secret" | "admin-token"): string {
  const file = new URL(name, CACHE);
  try {
    return readFileSync(file, "utf8");
  } catch {
    const secret = randomBytes(32).toString("hex");
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(file, secret, { mode: 0o600 });
    return secret;
  }
}

const tokenHint = (): string =>
  process.env.ADMIN_TOKEN?.trim() ? "by your ADMIN_TOKEN" : "token in .cache/admin-token";

/** One for each port, since two demos must not write into one file. */
const databaseFile = (): string =>
  fileURLToPath(new URL(`demo-${process.env.PLATFORM_PORT || 4100}.sqlite`, CACHE));

/** Reads a port from the environment. Throws with the name, the value and the fix. */
function port(name: string, fallback: number): number {
  const text = process.env[name];
  if (!text) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value < 65_536) return value;
  throw new Error(`${name} is ${JSON.stringify(text)}: use a whole number from 1 to 65535`);
}

function explain(error: unknown): string {
  const { code, port: taken, message } = error as NodeJS.ErrnoException & { port?: number };
  if (code !== "EADDRINUSE") return message;
  return `Port ${taken} is taken: set SITE_PORT, PORT or PLATFORM_PORT to another one, for example\n  SITE_PORT=3001 PORT=8788 PLATFORM_PORT=4101 npm start`;
}

/** How the local Lexey is set up by chat; nothing on another platform. */
function howToConfigure({ platform, proxy }: Demo): string {
  const { platform: name, lexeyManagementKey } = proxy.proxy.config;
  if (platform === null || name !== "lexey") return "";
  const environment = `LEXEY_URL=${platform.url} LEXEY_MANAGEMENT_KEY=${lexeyManagementKey}`;
  return `
  Its agent is set up by chat, also its name and colour (pages show those within minutes):
  ${environment} npx node proxy/cli.ts manage
`;
}

function llmFromEnvironment(): { llm?: { baseUrl: string; apiKey: string; model: string } } {
  const { LLM_BASE_URL: baseUrl, LLM_API_KEY: apiKey, LLM_MODEL: model } = process.env;
  return baseUrl && apiKey && model ? { llm: { baseUrl, apiKey, model } } : {};
}

try {
  const demo = await startDemo({
    sitePort: port("SITE_PORT", 3000),
    proxyPort: port("PORT", 8787),
    platformPort: port("PLATFORM_PORT", 4100),
    sessionSecret: keptSecret("session-secret"),
    // Kept beside the secret: a chat goes on after a restart.
    platform: { file: databaseFile(), ...llmFromEnvironment() },
    environment: {
      ...process.env,
      IDENTITY_SECRET: process.env.IDENTITY_SECRET?.trim() || keptSecret("identity-secret"),
      ADMIN_TOKEN: process.env.ADMIN_TOKEN?.trim() || keptSecret("admin-token"),
    },
  });
  // Before the addresses are out: who has read them may end the demo at once.
  const close = (): void => void demo.close().then(() => process.exit(0));
  process.once("SIGINT", close).once("SIGTERM", close);
  const { platform: name, platformUrl } = demo.proxy.proxy.config;
  const platform = demo.platform ? `${platformUrl}  (${HINTS[name]})` : platformUrl;
  console.log(`
  Shop      ${demo.site.url}  <- open this, the chat is at the bottom right
  Proxy     ${demo.proxy.url}
  Owner     ${demo.proxy.url}/manage  (${tokenHint()})
  Platform  ${platform}
${howToConfigure(demo)}
  Ctrl+C ends it.
`);
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
