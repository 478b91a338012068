/** One open stream of a visitor: bounded, kept alive, ended when it can't keep up. */
import type { ServerResponse } from "node:http";
import type { DropReason } from "./observer.ts";
import { encodeComment, encodeOpening, encodeRetry, SSE_HEADERS } from "./sse.ts";

const HEARTBEAT_MS = 15_000;
/** Bytes waiting in the socket's buffer beyond which a viewer is dropped; it can resume. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
const RETRY_MS = 1000;
/** Longest delay that `setTimeout` can hold. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export type Viewer = {
  send: (frame: string) => void;
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
  let closed = false;
  let blocked = false;

  response.writeHead(200, SSE_HEADERS);
  response.socket?.setNoDelay(true);

  function write(frame: string): void {
    if (closed || response.writableEnded) return;
    if (!response.write(frame)) blocked = true;
    if (response.writableLength > maxBufferedBytes) drop("slow");
  }

  function drop(reason: DropReason): void {
    if (response.destroyed) return;
    options.onDrop?.(reason);
    response.destroy();
  }

  function onHeartbeat(): void {
    // Not drained for a whole interval: ended, so that its backlog does not grow. It resumes by its last id.
    if (blocked) drop("stalled");
    else write(encodeComment("heartbeat"));
  }

  function onClose(): void {
    if (closed) return;
    closed = true;
    clearInterval(heartbeat);
    clearTimeout(expiry);
    for (const listener of listeners) listener();
  }

  const heartbeat = setInterval(onHeartbeat, heartbeatMs);
  const expiry = setTimeout(
    () => response.end(),
    Math.min(Math.max(0, expiresAt - Date.now()), MAX_TIMER_MS),
  );
  response.on("drain", () => (blocked = false));
  response.on("error", onClose);
  response.on("close", onClose);
  // The visitor may have left while the request was checked: then no `close` will come any more.
  if (response.destroyed) onClose();
  write(encodeOpening() + encodeRetry(RETRY_MS));

  return {
    send: write,
    end(retryMs) {
      if (retryMs !== undefined) write(encodeRetry(retryMs));
      response.end();
    },
    isClosed: () => closed,
    onClose(listener) {
      if (closed) listener();
      else listeners.push(listener);
    },
  };
}
