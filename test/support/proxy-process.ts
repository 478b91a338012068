/** `lex-chat serve` as a process of its own, for the tests that really kill one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { closeLater } from "./close-later.ts";
import { API_KEY, ORIGIN, SESSION_SECRET } from "./proxy.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export type ProxyProcess = Awaited<ReturnType<typeof startProxyProcess>>;

/**
 * Resolves when it listens, on a free port. `environment` adds to, or replaces, settings that work.
 * Killed at the latest when the test file ends.
 */
export async function startProxyProcess(lexUrl: string, environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ["proxy/cli.ts", "serve"], {
    cwd: ROOT,
    env: {
      HOST: "127.0.0.1",
      PORT: "0",
      LEX_URL: lexUrl,
      LEX_API_KEY: API_KEY,
      SESSION_SECRET,
      ALLOWED_ORIGINS: ORIGIN,
      LIMIT_SESSIONS_PER_ADDRESS: "10000",
      LIMIT_MESSAGES_PER_ADDRESS: "10000",
      ...environment,
    },
  });
  const exited = once(child, "close").then(([code]) => code as number | null);
  closeLater(() => child.kill("SIGKILL"));
  let output = "";
  child.stderr.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (bytes: Buffer) => {
      output += bytes.toString();
      const [address] = /http:\/\/[\d.]+:\d+/.exec(output) ?? [];
      if (address !== undefined) resolve(address);
    });
    void exited.then((code) => reject(new Error(`the proxy ended with ${code}: ${output}`)));
  });
  return {
    url,
    output: () => output,
    /** Its exit code; null when it was killed. */
    exited,
    /** SIGKILL, unless told otherwise. Resolves when it has ended. */
    end(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<number | null> {
      child.kill(signal);
      return exited;
    },
    /** SIGSTOP: its sockets stay open, and it does nothing. */
    freeze: () => void child.kill("SIGSTOP"),
    /** SIGCONT. */
    thaw: () => void child.kill("SIGCONT"),
  };
}
