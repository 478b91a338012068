/** What stands between some visitors and the proxy: it passes everything on, but a stream only when that has ended. */
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { closeLater } from "./close-later.ts";

/**
 * Holds back streams of the server at `target` until their end, or until `bytes` have come; its URL.
 * `port`: where it listens; 0 takes a free one.
 */
export async function startHoldingProxy(
  target: string,
  bytes = Infinity,
  port = 0,
): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers } = incoming;
    const passed = request(new URL(incoming.url ?? "/", target), { method, headers });
    passed.on("response", (response) => void pass(response, outgoing, bytes));
    passed.on("error", () => outgoing.destroy());
    outgoing.on("close", () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  closeLater(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function pass(from: IncomingMessage, to: ServerResponse, bytes: number): Promise<void> {
  const isStream = from.headers["content-type"]?.startsWith("text/event-stream") ?? false;
  let held: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      held.push(chunk);
      size += chunk.length;
      if (isStream && size < bytes) continue;
      if (!to.headersSent) to.writeHead(from.statusCode ?? 502, from.headers);
      to.write(Buffer.concat(held));
      held = [];
      size = 0;
    }
    if (!to.headersSent) to.writeHead(from.statusCode ?? 502, from.headers);
    to.end(Buffer.concat(held));
  } catch {
    to.destroy();
  }
}
