/** The proxy as a process of its own, started as its owner starts it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { closeLater } from "./close-later.ts";
import { COMPILE_CACHE } from "./compile-cache.ts";
import { API_KEY, eventually, ORIGIN, SESSION_SECRET } from "./proxy.ts";

/** Several may start at once, on a machine that does other things too. */
const START_MS = 60_000;

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export type ProxyProcess = Awaited<ReturnType<typeof startProxyProcess>>;

/** Resolves when it listens. `environment` adds to, or replaces, settings that work. */
export async function startProxyProcess(environment: Record<string, string>) {
  const child = spawn(process.execPath, ["proxy/cli.ts", "serve"], {
    cwd: ROOT,
    env: {
      ...COMPILE_CACHE,
      HOST: "127.0.0.1",
      PORT: "0",
      LEX_API_KEY: API_KEY,
      SESSION_SECRET,
      ALLOWED_ORIGINS: ORIGIN,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const exited = once(child, "close").then(([code]) => code as number | null);
  closeLater(() => child.kill("SIGKILL"));
  const findPort = (): string | undefined => {
    if (child.exitCode !== null) throw new Error(`the proxy does not start: ${output}`);
    return /listens on http:\/\/[\w.]+:(\d+)/.exec(output)?.[1];
  };
  const port = await eventually("the proxy to listen", findPort, START_MS);
  return {
    port: Number(port),
    url: `http://127.0.0.1:${port}`,
    /** SIGSTOP and SIGCONT, as a machine that stalls. */
    signal: (name: "SIGSTOP" | "SIGCONT"): void => void child.kill(name),
    /** What it has logged. */
    output: () => output,
    /** Resolves with the exit code; null when the signal itself has ended it. */
    end(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<number | null> {
      child.kill(signal);
      return exited;
    },
  };
}
