/** `fetch` over HTTP/2 and TLS to a server of the tests, which Node's own does not do. */
import { once } from "node:events";
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import { connect as connectTcp } from "node:net";
import { Readable } from "node:stream";
import { connect as connectTls } from "node:tls";
import { closeLater } from "./close-later.ts";

const BODILESS = new Set([204, 304]);

export type Http2FetchOptions = {
  /** The one certificate that is trusted, in PEM. */
  certificate: string;
  /** The visitor's own address. Defaults to 127.0.0.1. */
  localAddress?: string;
};

/** One connection for all requests. Bodies come as they were sent: nothing is decompressed. */
export function createHttp2Fetch(options: Http2FetchOptions): typeof fetch {
  const { certificate, localAddress = "127.0.0.1" } = options;
  let session: ClientHttp2Session | undefined;

  function open({ origin, port }: URL): ClientHttp2Session {
    const opened = connect(origin, {
      createConnection: () =>
        connectTls({
          socket: connectTcp({ host: "127.0.0.1", port: Number(port), localAddress }),
          servername: "localhost",
          ca: certificate,
          ALPNProtocols: ["h2"],
        }),
    });
    // What went wrong is told to each request that is open.
    opened.on("error", () => undefined);
    closeLater(() => opened.destroy());
    return opened;
  }

  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (session === undefined || session.closed || session.destroyed) session = open(url);
    const request = session.request(
      {
        ...Object.fromEntries(new Headers(init.headers)),
        ":method": init.method ?? "GET",
        ":path": url.pathname + url.search,
      },
      { ...(init.signal && { signal: init.signal }) },
    );
    request.end(init.body ?? undefined);
    const [headers] = (await once(request, "response")) as [IncomingHttpHeaders];
    // An abort after the answer has begun ends its body.
    request.on("error", () => undefined);
    const status = Number(headers[":status"]);
    return new Response(BODILESS.has(status) ? null : toWeb(request), {
      status,
      headers: toHeaders(headers),
    });
  };
}

function toWeb(readable: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(readable) as ReadableStream<Uint8Array>;
}

function toHeaders(headers: IncomingHttpHeaders): Headers {
  const fields = Object.entries(headers).filter(([name]) => !name.startsWith(":"));
  return new Headers(fields.map(([name, value]): [string, string] => [name, String(value)]));
}
