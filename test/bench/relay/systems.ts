/** What is compared: what may stand between the platform and a page, each in its own process. */
import { randomBytes } from "node:crypto";
import type { SessionResponse } from "../../../proxy/protocol.ts";
import { createHandles } from "../../../proxy/visitors/handle.ts";
import { call } from "../api.ts";
import { startChild, type Child } from "../child.ts";
import { startProgram } from "./peers/program.ts";

const KEY = "lex2_bench";
const ORIGIN = "http://shop.example";

/** One system that runs. */
export type System = {
  url: string;
  pid: number;
  headers: Record<string, string>;
  /** The platform's id of a conversation as this system's callers name it. */
  toId: (conversationId: string) => string;
  end: () => Promise<void>;
};

export type SystemKind = {
  name: string;
  /** Null when what it takes is not installed. */
  start: (platformUrl: string) => Promise<System | null>;
};

/** All others are compared with this one. */
export const BASELINE = "http-proxy-middleware";

export const SYSTEMS: readonly SystemKind[] = [
  { name: "lex-chat", start: (platform) => startProxy(platform) },
  {
    name: "lex-chat, COALESCE_MS=0",
    start: (platform) => startProxy(platform, { COALESCE_MS: "0" }),
  },
  { name: BASELINE, start: (platform) => startPeer("express-middleware", platform) },
  { name: "fetch().body pipe", start: (platform) => startPeer("fetch-pipe", platform) },
  { name: "@fastify/http-proxy", start: (platform) => startPeer("fastify-proxy", platform) },
  { name: "nginx", start: async (platform) => startServer("nginx", platform) },
  { name: "HAProxy", start: async (platform) => startServer("haproxy", platform) },
];

const toSystem = (child: Child): System => ({ ...child, headers: {}, toId: (id) => id });

async function startPeer(script: string, platformUrl: string): Promise<System> {
  const path = `test/bench/relay/peers/${script}.ts`;
  return toSystem(await startChild(path, [platformUrl, KEY], { NODE_ENV: "production" }));
}

async function startServer(name: "nginx" | "haproxy", platformUrl: string): Promise<System | null> {
  const child = await startProgram(name, { platform: new URL(platformUrl), key: KEY });
  return child && toSystem(child);
}

async function startProxy(platformUrl: string, more: NodeJS.ProcessEnv = {}): Promise<System> {
  const secret = randomBytes(32).toString("hex");
  const environment = { ...toSettings(platformUrl, secret), ...more };
  const child = await startChild("proxy/cli.ts", ["serve"], environment);
  return { ...child, ...(await enter(child.url, secret)) };
}

/** One visitor holds all conversations: who watches makes no difference to what watching costs. */
export async function enter(
  url: string,
  secret: string,
): Promise<Pick<System, "headers" | "toId">> {
  const page = { url, headers: { origin: ORIGIN } };
  const { token, visitorId } = await call<SessionResponse>(page, "/api/session", {});
  const handles = createHandles([secret], "lex");
  return {
    headers: { ...page.headers, authorization: `Bearer ${token}` },
    toId: (conversationId) => handles.create(visitorId, conversationId),
  };
}

/** As shipped, with the platform's webhook, but for limits that one visitor with all streams would meet. */
export function toSettings(platformUrl: string, secret: string): NodeJS.ProcessEnv {
  const limits = ["MESSAGES_PER_ADDRESS", "MESSAGES_PER_VISITOR", "MESSAGES_PER_DAY"];
  const reads = ["READS_PER_VISITOR", "READS_PER_ADDRESS"];
  const streams = ["STREAMS_PER_VISITOR", "STREAMS_PER_ADDRESS"];
  return {
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    PORT: "0",
    LEX_URL: platformUrl,
    LEX_API_KEY: KEY,
    SESSION_SECRET: secret,
    ALLOWED_ORIGINS: ORIGIN,
    WEBHOOK_SECRET: randomBytes(32).toString("hex"),
    ...Object.fromEntries(
      [...limits, ...reads, ...streams].map((name) => [`LIMIT_${name}`, "1000000"]),
    ),
  };
}
