import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A listening port that can go away and come back. */
export type Port = {
  url: string;
  port: number;
  /** Cuts every connection and refuses new ones for so many milliseconds; a longer absence stands. */
  leave: (milliseconds: number) => void;
  /** No new connection; `cutAll` ends those that are open. Resolves when all have ended. */
  close: () => { cutAll: () => void; closed: Promise<unknown> };
};

/** Rejects when the port is taken. */
export async function openPort(
  { host, port: wanted }: { host: string; port: number },
  handle: RequestListener,
): Promise<Port> {
  const server = createServer(handle);
  let comeBack: { at: number; timer: NodeJS.Timeout } | null = null;

  server.listen(wanted, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const shown = host.includes(":") ? `[${host}]` : host;

  return {
    url: `http://${shown}:${port}`,
    port,

    leave(milliseconds) {
      const at = Date.now() + milliseconds;
      if (comeBack && comeBack.at > at) return;
      clearTimeout(comeBack?.timer);
      server.close();
      server.closeAllConnections();
      const timer = setTimeout(() => {
        comeBack = null;
        server.listen(port, host);
      }, milliseconds);
      comeBack = { at, timer };
    },

    close() {
      clearTimeout(comeBack?.timer);
      const closed = server.listening ? once(server, "close") : Promise.resolve();
      server.close();
      return { cutAll: () => server.closeAllConnections(), closed };
    },
  };
}
