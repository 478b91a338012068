/** A server program of the machine, with a configuration of ours. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPort } from "../../../support/find-port.ts";
import { findProgram } from "../../../support/find-program.ts";
import type { Child } from "../../child.ts";
import { toHaproxyConfig, toNginxConfig, type ProgramOptions } from "./server-programs.ts";

const PROGRAMS = {
  nginx: { toConfig: toNginxConfig, flag: "-c" },
  haproxy: { toConfig: toHaproxyConfig, flag: "-f" },
};
const START_MS = 5000;

/** Null when the program is not installed. */
export async function startProgram(
  name: keyof typeof PROGRAMS,
  to: Pick<ProgramOptions, "platform" | "key">,
): Promise<Child | null> {
  const program = findProgram(name);
  if (program === null) return null;
  const { toConfig, flag } = PROGRAMS[name];
  const folder = mkdtempSync(join(tmpdir(), "lex-chat-bench-"));
  const port = await findPort();
  const config = join(folder, "config");
  writeFileSync(config, toConfig({ ...to, port, folder }));
  const child = spawn(program, [flag, config], { stdio: ["ignore", "ignore", "inherit"] });
  const exited = once(child, "exit").finally(() => rmSync(folder, { recursive: true }));
  await Promise.race([
    untilItListens(port),
    exited.then(() => Promise.reject(new Error(`${name} has ended`))),
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    async end() {
      // Killed outright, nginx would leave its worker behind.
      child.kill("SIGTERM");
      await exited;
    },
  };
}

async function untilItListens(port: number): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      socket.destroy();
    }
  }
}
