/** What is compared: the platform itself, and what may stand between it and a page, each a process. */
import { randomBytes, randomUUID } from "node:crypto";
import type { SessionResponse } from "../../proxy/protocol.ts";
import { call, type Api } from "./api.ts";
import { startChild, type Child } from "./child.ts";

const KEY = "lex2_bench";
const ORIGIN = "http://shop.example";

export type System = {
  name: string;
  api: Api;
  /** The process between platform and viewers, if there is one. */
  pid: number | null;
  /** The id to open a conversation with; undefined where the proxy makes one. */
  newConversationId: () => string | undefined;
};

export type Systems = { platformPid: number; systems: System[]; close: () => Promise<void> };

export type SystemsOptions = { articlesFolder: string; tokensPerSecond: number };

export async function startSystems(options: SystemsOptions): Promise<Systems> {
  const children: Child[] = [];
  const start = async (...child: Parameters<typeof startChild>): Promise<Child> => {
    const started = await startChild(...child);
    children.push(started);
    return started;
  };
  const close = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.end()));
  };

  try {
    const settings = { port: 0, keys: KEY, thinkingMs: 0, ...options };
    const flags = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
    const platform = await start("demo/platform/cli.ts", flags);
    const startProxy = (environment: NodeJS.ProcessEnv = {}): Promise<Child> =>
      start("proxy/cli.ts", ["serve"], { ...proxySettings(platform.url), ...environment });
    const [pipe, joined, unjoined] = await Promise.all([
      start("test/bench/plain-pipe.ts", [platform.url, KEY]),
      startProxy(),
      startProxy({ COALESCE_MS: "0" }),
    ]);
    const systems = [
      toPlatform("platform, read directly", platform, { authorization: `Bearer ${KEY}` }),
      { ...toPlatform("plain pipe", pipe, {}), pid: pipe.pid },
      await toProxy("lex-chat", joined),
      await toProxy("lex-chat, COALESCE_MS=0", unjoined),
    ];
    return { platformPid: platform.pid, systems, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function toPlatform(name: string, { url }: Child, headers: Api["headers"]): System {
  return { name, api: { url, headers }, pid: null, newConversationId: randomUUID };
}

async function toProxy(name: string, { url, pid }: Child): Promise<System> {
  const page = { url, headers: { origin: ORIGIN } };
  const { token } = await call<SessionResponse>(page, "/api/session", {});
  const headers = { ...page.headers, authorization: `Bearer ${token}` };
  return { name, api: { url, headers }, pid, newConversationId: () => undefined };
}

/** As shipped, but for limits that one visitor with a hundred streams would meet. */
function proxySettings(platformUrl: string): NodeJS.ProcessEnv {
  const limits = ["MESSAGES_PER_ADDRESS", "MESSAGES_PER_VISITOR", "MESSAGES_PER_DAY"];
  const streams = ["STREAMS_PER_VISITOR", "STREAMS_PER_ADDRESS"];
  return {
    HOST: "127.0.0.1",
    PORT: "0",
    LEX_URL: platformUrl,
    LEX_API_KEY: KEY,
    SESSION_SECRET: randomBytes(32).toString("hex"),
    ALLOWED_ORIGINS: ORIGIN,
    ...Object.fromEntries([...limits, ...streams].map((name) => [`LIMIT_${name}`, "1000000"])),
  };
}
