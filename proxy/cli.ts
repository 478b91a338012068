#!/usr/bin/env node
/** `lex-chat serve`: the proxy alone, configured by the environment. `lex-chat doctor`: what is wrong with it. */
import { ConfigError } from "./config.ts";
import { runDoctor } from "./doctor/doctor.ts";
import { startServer } from "./server.ts";

const USAGE = `lex-chat serve                    runs the chat proxy
lex-chat doctor [public URL]      checks settings, platform and Redis, and, through the URL that
                                  visitors use, whether answers really stream; --json for programs

Settings come from the environment:

  LEX_API_KEY       the agent platform's key (required)
  SESSION_SECRET    signs visitors' tokens (required): openssl rand -hex 32
  ALLOWED_ORIGINS   the pages that may use the chat, for example https://www.example.com
  PORT, HOST        where to listen (8787, 0.0.0.0)

All settings: see the README.`;

async function serve(): Promise<void> {
  const server = await startServer();
  const { logger } = server.proxy;
  let isClosing = false;
  const close = async (): Promise<void> => {
    if (isClosing) return;
    isClosing = true;
    logger.info("closing: no new work, streams are ended");
    await server.close();
    process.exit(0);
  };
  process.on("SIGTERM", () => void close());
  process.on("SIGINT", () => void close());
  // Last: whoever has read this line may end the process at once.
  logger.info(`the chat proxy listens on ${server.url}`);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  if (code === "EADDRINUSE")
    return `Port ${port} is taken: set PORT or METRICS_PORT to another one.`;
  return message ?? String(error);
}

async function doctor(args: readonly string[]): Promise<void> {
  const json = args.includes("--json");
  const [given, ...rest] = args.filter((arg) => arg !== "--json");
  const url = given === undefined ? null : URL.parse(given);
  if (rest.length > 0 || (given !== undefined && !/^https?:$/.test(url?.protocol ?? "")))
    throw new Error("Give one address such as https://chat.example.com, or none.");
  const publicUrl = url && (url.origin + url.pathname).replace(/\/$/, "");
  process.exitCode = await runDoctor({ publicUrl, json }, console.log);
}

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  serve,
  doctor,
};

const [name = "help", ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command) {
  await command(args).catch((error: unknown) => {
    console.error(explain(error));
    process.exitCode = 1;
  });
} else {
  console.log(USAGE);
  if (!["help", "--help", "-h"].includes(name)) process.exitCode = 1;
}
