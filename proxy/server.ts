/** The proxy on its own: an HTTP server around `createChatProxy`, and a clean end. */
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import express from "express";
import { createChatProxy, type ChatProxy, type ChatProxyOptions } from "./app.ts";
import { metricsRoute } from "./routes/health.ts";

/** Connections that are still busy this long after the last stream has ended are cut. */
const CLOSE_DEADLINE_MS = 3000;
const IDLE_SWEEP_MS = 50;

export type ProxyServer = {
  url: string;
  port: number;
  proxy: ChatProxy;
  /** Refuses new work, waits for answers and requests under way, ends the streams. */
  close: () => Promise<void>;
};

/** Listens on `PORT` (0: a free one) and `HOST`. Rejects when the port is taken. */
export async function startServer(
  options: ChatProxyOptions = {},
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ProxyServer> {
  const proxy = createChatProxy(options, environment);
  const { host, metricsPort } = proxy.config;
  const server = createServer(proxy.router);
  const unused = trackUnused(server);
  const metrics = express().get("/metrics", metricsRoute(proxy.metrics));
  const metricsServer = createServer(metrics);
  try {
    await listen(server, proxy.config.port, host);
    if (metricsPort !== null) await listen(metricsServer, metricsPort, host);
  } catch (error) {
    await proxy.close();
    server.close();
    throw error;
  }
  for (const each of [server, metricsServer]) survive(each, proxy);
  const { port } = server.address() as AddressInfo;
  const shownHost = ["0.0.0.0", "::"].includes(host) ? "localhost" : host;

  return {
    url: `http://${shownHost}:${port}`,
    port,
    proxy,
    async close() {
      // Still listening: what comes meanwhile is told to go elsewhere.
      await proxy.close();
      for (const socket of unused) socket.destroy();
      await Promise.all([server, metricsServer].map(closeServer));
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** One connection that the machine has no room for is not the end of all others. */
function survive(server: Server, { logger }: ChatProxy): void {
  server.on("error", ({ code }: NodeJS.ErrnoException) =>
    logger.error({ code }, "a connection could not be accepted"),
  );
}

/** Browsers open sockets in advance. Node takes one that never asked for busy, and would wait for it. */
function trackUnused(server: Server): Set<Socket> {
  const unused = new Set<Socket>();
  server.on("connection", (socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  server.on("request", ({ socket }) => unused.delete(socket));
  return unused;
}

async function closeServer(server: Server): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_DEADLINE_MS);
  // A connection that is kept alive after its last answer would hold the end up for seconds.
  const sweeper = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  clearTimeout(deadline);
  clearInterval(sweeper);
}
