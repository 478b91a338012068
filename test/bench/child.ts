import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A server in its own process. */
export type Child = { url: string; pid: number; end: () => Promise<void> };

/** Runs a script and resolves with the first address it prints. Its environment is only what is given. */
export async function startChild(
  script: string,
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Child> {
  const child = spawn(process.execPath, [script, ...parameters], { cwd: ROOT, env: environment });
  const exited = once(child, "close");
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    const read = (text: string): void => {
      output += text;
      const [address] = /http:\/\/[\w.]+:\d+/.exec(output) ?? [];
      if (address !== undefined) resolve(address);
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    void exited.then(() => reject(new Error(`${script} ended before it listened:\n${output}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    async end() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
