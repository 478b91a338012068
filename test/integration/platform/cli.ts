import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const CLI = fileURLToPath(new URL("../../../demo/platform/cli.ts", import.meta.url));

/** The platform as its own process, killed at the latest when the test ends. */
export function run(flags: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [CLI, ...flags], { env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const exited = once(child, "close").then(([code]) => code as number | null);
  return {
    output,
    exited,

    /** Resolves with the address that the process prints. */
    async url(): Promise<string> {
      for (;;) {
        const [address] = /http:\S+/.exec(output.stdout) ?? [];
        if (address !== undefined) return address;
        if (child.exitCode !== null) throw new Error(`exited: ${output.stderr}`);
        await Promise.race([once(child.stdout, "data"), exited]);
      }
    },

    async end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
      child.kill(signal);
      return exited;
    },
  };
}
