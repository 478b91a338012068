#!/usr/bin/env node
/** `lex-chat serve`: the proxy alone, configured by the environment. */
import { ConfigError } from "./config.ts";
import { startServer } from "./server.ts";

const USAGE = `lex-chat serve    runs the chat proxy; settings come from the environment:

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

const [command] = process.argv.slice(2);
if (command === "serve") {
  await serve().catch((error: unknown) => {
    console.error(explain(error));
    process.exitCode = 1;
  });
} else {
  console.log(USAGE);
  if (command !== undefined && !["help", "--help", "-h"].includes(command)) process.exitCode = 1;
}
