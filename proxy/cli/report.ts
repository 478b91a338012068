import { ConfigError } from "../config.ts";
import { CommandError, UsageError } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

/** Tells a person what went wrong and what to do about it. */
export function report(error: unknown, { note, style }: Terminal): void {
  if (error instanceof ConfigError) return note(error.message);
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  if (code === "EADDRINUSE")
    return note(`Port ${port} is taken: set PORT or METRICS_PORT to another one.`);
  note(`${style("red", "lex-chat:")} ${message ?? String(error)}`);
  const isExplained = error instanceof UsageError || error instanceof CommandError;
  if (isExplained && error.fix !== undefined) note(`  → ${error.fix}`);
}
