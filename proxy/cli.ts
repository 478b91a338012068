#!/usr/bin/env node
/** `lex-chat`: the proxy, and what its owner does at a terminal. */
import "./cli/node-version.ts";
import { EXIT } from "./cli/command.ts";
import { COMMANDS } from "./cli/commands.ts";
import { runCli } from "./cli/run.ts";
import { createTerminal } from "./cli/terminal.ts";

// Whoever reads the results may stop, as `head` does: that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const code = await runCli(process.argv.slice(2), COMMANDS, createTerminal(process));
// What was interrupted may still wait for an answer.
if (code === EXIT.interrupted) process.exit(code);
process.exitCode = code;
