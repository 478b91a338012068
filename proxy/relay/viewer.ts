/** One open stream of a visitor: bounded, kept alive, ended when it can't keep up. */
import { ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import type { DropReason } from "./observer.ts";
import { encodeComment, encodeOpening, encodeRetry, SSE_HEADERS } from "./sse.ts";

const HEARTBEAT_MS = 15_000;
/** Before the first one: a reader that gets it late, or not, knows that something holds its stream back. */
const FIRST_HEARTBEAT_MS = 2_000;
/**
 * Waiting in the socket's buffer beside the longest frame, which may be a snapshot: with more a viewer is
 * dropped; it can resume.
 */
const MAX_BUFFERED_BYTES = 1024 * 1024;
const RETRY_MS = 1000;
const OPENING = encodeOpening() + encodeRetry(RETRY_MS);
const HEARTBEAT = encodeComment("heartbeat");

export type Viewer = {
  /** A frame for several viewers is best encoded once, to bytes. */
  send: (frame: string | Uint8Array) => void;
  /** `retryMs` tells the reader when to come back. */
  end: (retryMs?: number) => void;
  isClosed: () => boolean;
  onClose: (listener: () => void) => void;
};

export type ViewerOptions = {
  /** Milliseconds since 1970 at which the stream has to end. */
  expiresAt: number;
  heartbeatMs?: number;
  maxBufferedBytes?: number;
  /** It could not keep up and is ended, to resume. */
  onDrop?: (reason: DropReason) => void;
};

/** Writes the headers and the opening at once. */
export function openViewer(response: ServerResponse, options: ViewerOptions): Viewer {
  const { expiresAt, heartbeatMs = HEARTBEAT_MS, maxBufferedBytes = MAX_BUFFERED_BYTES } = options;
  const listeners: Array<() => void> = [];
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let longest = 0;

  const channel = begin(response);
  response.on("error", onClose);
  response.on("close", onClose);
  // The visitor may have left while the request was checked: then no `close` will come any more.
  if (response.destroyed) onClose();
  else startTimer(Math.min(FIRST_HEARTBEAT_MS, heartbeatMs), onFirstHeartbeat);

  function write(frame: string | Uint8Array): void {
    if (closed || response.writableEnded) return;
    longest = Math.max(longest, frame.length);
    channel.write(frame);
    if (channel.writableLength > maxBufferedBytes + longest) drop("slow");
  }

  function drop(reason: DropReason): void {
    if (response.destroyed) return;
    options.onDrop?.(reason);
    response.destroy();
  }

  function startTimer(afterMs = heartbeatMs, onBeat = onHeartbeat): void {
    const leftMs = Math.max(0, expiresAt - Date.now());
    timer = setTimeout(leftMs <= afterMs ? end : onBeat, Math.min(leftMs, afterMs));
  }

  /** Too early to give up who has not read a long snapshot yet. */
  function onFirstHeartbeat(): void {
    if (!channel.writableNeedDrain) write(HEARTBEAT);
    startTimer();
  }

  function onHeartbeat(): void {
    // Not drained since: ended, so that its backlog does not grow. It resumes by its last id.
    if (channel.writableNeedDrain) return drop("stalled");
    write(HEARTBEAT);
    startTimer();
  }

  function end(): void {
    response.end();
  }

  function onClose(): void {
    if (closed) return;
    closed = true;
    clearTimeout(timer);
    for (const listener of listeners) listener();
  }

  return {
    send: write,
    end(retryMs) {
      if (retryMs !== undefined) write(encodeRetry(retryMs));
      end();
    },
    isClosed: () => closed,
    onClose(listener) {
      if (closed) listener();
      else listeners.push(listener);
    },
  };
}

type Channel = Pick<Writable, "write" | "writableLength" | "writableNeedDrain">;

/**
 * Sends the headers and returns where frames go: the socket itself, since the layers above it cost more
 * for each frame than all else. For that the body has no chunks and ends with its connection (RFC 9112,
 * section 6.3). Where a middleware has replaced `write`, or the answer to an earlier request is still
 * under way, frames go through the response.
 */
function begin(response: ServerResponse): Channel {
  response.removeHeader("transfer-encoding");
  response.writeHead(200, { ...SSE_HEADERS, connection: "close" });
  response.write(OPENING);
  const { socket } = response;
  socket?.setNoDelay(true);
  const isPlain = response.write === ServerResponse.prototype.write;
  return socket && isPlain ? socket : response;
}
