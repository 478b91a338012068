/** Programs of the system that some tests need and npm can't install. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeLater } from "./close-later.ts";

export { findPort } from "./find-port.ts";
export { findProgram } from "./find-program.ts";

/** A folder for one test file, gone when that ends. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lex-chat-"));
  closeLater(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a daemon until the test file ends. `output` is what it has printed so far. */
export function runDaemon(
  command: string,
  args: string[],
  options: { folder: string; environment?: NodeJS.ProcessEnv },
) {
  const file = join(options.folder, "output.log");
  // A file and no pipe: nginx opens /dev/stdout by name, which a pipe of Node's does not allow.
  const output = openSync(file, "a");
  const daemon = spawn(command, args, {
    cwd: options.folder,
    env: { PATH: process.env.PATH, HOME: options.folder, ...options.environment },
    stdio: ["ignore", output, output],
  });
  const exited = once(daemon, "exit");
  closeLater(async () => {
    daemon.kill("SIGTERM");
    await exited;
  });
  return {
    output: () => readFileSync(file, "utf8"),
    hasExited: () => daemon.exitCode !== null,
  };
}

/** Writes a copy of a shipped file in which each key is replaced by its value. Throws when one is not in it. */
export function render(source: URL, target: string, values: Record<string, string>): void {
  let text = readFileSync(source, "utf8");
  for (const [literal, value] of Object.entries(values)) {
    if (!text.includes(literal)) throw new Error(`${source.pathname} does not say ${literal}`);
    text = text.replaceAll(literal, () => value);
  }
  writeFileSync(target, text);
}
