/** One event stream over a bare socket: reads as little as it takes, so that the reader costs little. */
import { connect, type OnReadOpts, type Socket } from "node:net";
import { createChunkedBody } from "./chunked.ts";

export type EventStreamOptions = {
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** The answer's status is 200, and its headers are there. */
  onOpen: () => void;
  /** Whole frames, one or more. */
  onFrames: (frames: string) => void;
  /** The connection has ended or never came to be; not called after `close`. */
  onEnd: (reason: string) => void;
};

/** Where all sockets of this process read: what they read is taken out at once. */
const shared = Buffer.allocUnsafeSlow(64 * 1024);

/** Returns the function that closes it. */
export function openEventStream(options: EventStreamOptions): () => void {
  const { url, headers, onOpen, onFrames } = options;
  let head = "";
  let feed: ((characters: string) => string) | null = null;
  let unread = "";
  let ended = false;

  function end(reason: string): void {
    if (ended) return;
    ended = true;
    socket.destroy();
    options.onEnd(reason);
  }

  function readHead(characters: string): string {
    head += characters;
    const length = head.indexOf("\r\n\r\n");
    if (length < 0) return "";
    if (!/^HTTP\/1\.[01] 200 /.test(head)) {
      end(head.slice(0, 200));
      return "";
    }
    const isChunked = /^transfer-encoding: *chunked$/im.test(
      head.slice(0, length).replaceAll("\r", ""),
    );
    feed = isChunked ? createChunkedBody().feed : (body) => body;
    onOpen();
    return feed(head.slice(length + 4));
  }

  function read(characters: string): void {
    if (ended) return;
    unread += feed ? feed(characters) : readHead(characters);
    const length = unread.lastIndexOf("\n\n") + 2;
    if (length < 2) return;
    const frames = unread.slice(0, length);
    unread = unread.slice(length);
    onFrames(frames);
  }

  const onread: OnReadOpts = {
    buffer: shared,
    callback(length) {
      read(shared.toString("latin1", 0, length));
      return true;
    },
  };
  const socket: Socket = connect({
    host: url.hostname,
    port: Number(url.port),
    noDelay: true,
    onread,
  });
  socket.on("error", (error) => end(error.message));
  socket.on("close", () => end("closed"));
  const lines = Object.entries({ host: url.host, ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.write(`GET ${url.pathname} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);

  return () => {
    ended = true;
    socket.destroy();
  };
}
