import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Told } from "./proxy.ts";

export type ProxyProcess = {
  url: string;
  /** Bytes, after a full collection. */
  readHeap: () => Promise<number>;
  end: () => Promise<void>;
};

/** Rejects when the proxy does not start. */
export async function startProxyProcess(environment: NodeJS.ProcessEnv): Promise<ProxyProcess> {
  const child = fork(fileURLToPath(new URL("proxy.ts", import.meta.url)), {
    env: { ...environment, LOG_LEVEL: "error" },
    execArgv: ["--expose-gc"],
  });
  const exited = once(child, "exit");

  async function hear(): Promise<Told> {
    const failed = exited.then(() => Promise.reject(new Error("the proxy has ended")));
    const [told] = (await Promise.race([once(child, "message"), failed])) as [Told];
    return told;
  }

  const told = await hear();
  return {
    url: "url" in told ? told.url : "",
    async readHeap() {
      child.send("heap");
      const told = await hear();
      return "heap" in told ? told.heap : Number.NaN;
    },
    async end() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
