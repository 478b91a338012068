/** An event stream over a connection of its own: its text as it comes, with as little in between as can be. */
import { validateHeaderValue } from "node:http";
import net, { type Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import tls from "node:tls";
import { createResponseReader, type ResponseHead } from "./http-response.ts";

/** What one read can bring; the memory is used again for the next. */
const READ_BYTES = 8 * 1024;

export type EventStreamRequest = {
  method: string;
  url: URL;
  /** Beside `host`, `connection` and `content-length`. */
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Ends the connection at any time. */
  signal?: AbortSignal;
};

export type EventStream = ResponseHead & {
  /** Hands out the text until the stream ends. Rejects when it breaks before. To be called once. */
  read: (onText: (text: string) => void) => Promise<void>;
  /** Ends the connection; `read` then rejects with `error`. */
  destroy: (error?: Error) => void;
};

/** `opened` has the response's head, whatever its status; it rejects as `read` does when none comes. */
export type Opening = { opened: Promise<EventStream>; destroy: (error?: Error) => void };

export function openEventStream(request: EventStreamRequest): Opening {
  const opened = Promise.withResolvers<EventStream>();
  const ended = Promise.withResolvers<void>();
  // Whoever waits is told; this is for what breaks while nobody does.
  for (const { promise } of [opened, ended]) promise.catch(() => undefined);
  const decoder = new StringDecoder("utf8");
  /** The last bytes may have been the beginning of a sign. */
  let isCut = false;
  let onText: ((text: string) => void) | null = null;
  /** What came with the head. More is not asked for until somebody reads. */
  let early = "";

  /** A sign may go on in later bytes; a decoder that keeps its beginning costs more than all the rest. */
  function decode(bytes: Buffer, start: number, end: number): string {
    const isEntire = !isCut && (bytes[end - 1] ?? 0) < 0x80;
    if (isEntire) return bytes.toString("utf8", start, end);
    isCut = (bytes[end - 1] ?? 0) >= 0x80;
    return decoder.write(bytes.subarray(start, end));
  }

  const destroy = (error?: Error): void => void socket.destroy(error);
  const reader = createResponseReader({
    onHead: (head) => opened.resolve({ ...head, read, destroy }),
    onBody(bytes, start, end) {
      const text = decode(bytes, start, end);
      if (onText) onText(text);
      else early += text;
    },
  });

  /** Does it, or ends the connection with what is thrown. */
  function attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      destroy(error instanceof Error ? error : new Error("unreadable"));
    }
  }

  function receive(bytes: Buffer): void {
    attempt(() => reader.feed(bytes));
    if (reader.isWhole(false)) destroy();
  }

  function read(listener: (text: string) => void): Promise<void> {
    onText = listener;
    if (early !== "") attempt(() => listener(early));
    early = "";
    socket.resume();
    return ended.promise;
  }

  const socket = connect(request.url, (bytes) => {
    receive(bytes);
    return onText !== null || early === "";
  });
  let failure = new Error("the connection ended too early");
  socket.on("error", (error) => (failure = error));
  const abort = (): void => destroy(new Error("aborted"));
  request.signal?.addEventListener("abort", abort);
  socket.on("close", (isBroken) => {
    // It may live for as long as the process, and would keep all of this in memory.
    request.signal?.removeEventListener("abort", abort);
    opened.reject(failure);
    if (reader.isWhole(!isBroken)) ended.resolve();
    else ended.reject(failure);
  });
  attempt(() => socket.write(toText(request)));
  return { opened: opened.promise, destroy };
}

/** By `onread`: one buffer for all that comes, and no stream of buffers. False: no more for now. */
function connect(url: URL, receive: (bytes: Buffer) => boolean): Socket {
  const isSecure = url.protocol === "https:";
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = Number(url.port || (isSecure ? 443 : 80));
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const callback = (length: number): boolean => receive(buffer.subarray(0, length));
  const options = { host, port, onread: { buffer, callback } };
  if (!isSecure) return net.connect(options);
  // An address is no name that a certificate could be asked for by (RFC 6066, section 3).
  const name = net.isIP(host) === 0 ? { servername: host } : {};
  return tls.connect({ ...options, ...name, ALPNProtocols: ["http/1.1"] });
}

function toText({ method, url, headers, body }: EventStreamRequest): string {
  const length = body === undefined ? {} : { "content-length": `${Buffer.byteLength(body)}` };
  const all = Object.entries({ host: url.host, ...headers, ...length, connection: "close" });
  for (const [name, value] of all) validateHeaderValue(name, value);
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines}\r\n${body ?? ""}`;
}
