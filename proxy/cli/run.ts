/** Finds the command, runs it, and tells a person what went wrong. */
import { createRequire } from "node:module";
import { EXIT, type Command, type Commands, type Input } from "./command.ts";
import { CommandError, Interruption, UsageError } from "./errors.ts";
import { renderHelp } from "./help.ts";
import { parseCommand } from "./parse.ts";
import { report } from "./report.ts";
import type { Terminal } from "./terminal.ts";

/** Resolves with the exit code; never rejects. */
export async function runCli(
  args: readonly string[],
  commands: Commands,
  terminal: Terminal,
): Promise<number> {
  try {
    const wanted = parseCommand(args, commands);
    if (wanted.kind === "command") return await runCommand(wanted.command, wanted.input, terminal);
    terminal.print(
      wanted.kind === "version"
        ? readVersion()
        : renderHelp(wanted.topic, commands, terminal.width),
    );
    return EXIT.ok;
  } catch (error) {
    if (error instanceof Interruption) return EXIT.interrupted;
    report(error, terminal);
    return error instanceof UsageError ? EXIT.usage : EXIT.failure;
  }
}

async function runCommand(command: Command, input: Input, terminal: Terminal): Promise<number> {
  const file = input.text("settings");
  if (file !== undefined) loadEnvironment(file);
  return command.run(input, terminal);
}

/** What is set already stays as it is. */
function loadEnvironment(file: string): void {
  try {
    process.loadEnvFile(file);
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new CommandError(
      `--settings: ${file} can't be read (${code})`,
      "name a file with lines such as LEX_API_KEY=lex2_…",
    );
  }
}

/** By the package's own name: the way to its `package.json` is another one in a checkout. */
function readVersion(): string {
  const { version } = createRequire(import.meta.url)("lex-chat/package.json") as {
    version: string;
  };
  return version;
}
