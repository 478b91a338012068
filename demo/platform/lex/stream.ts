import type { Response } from "express";
import type { Chat } from "../chat.ts";
import type { PlatformEvent } from "../events.ts";
import type { Misbehaviour } from "../misbehaviour.ts";
import { frameEvent } from "./framing.ts";

const HEARTBEAT_MS = 15_000;

/** A reader with this many bytes unread has stopped reading: it is dropped, not buffered for ever. */
const MAX_UNREAD_BYTES = 1_048_576;

const HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-cache, no-transform",
  Connection: "keep-alive",
  "X-Accel-Buffering": "no",
};

/** The open event streams; `close` ends them all. */
export type Streams = ReturnType<typeof createStreams>;

export function createStreams(chat: Chat, framing: Misbehaviour["framing"]) {
  const open = new Set<Response>();

  return {
    /** Writes `connected` and `conversation:init`, then every event as it happens; no replay. */
    start(response: Response, channel: { account: string; id: string }): void {
      response.writeHead(200, HEADERS);
      response.socket?.setNoDelay(true);
      const write = (text: string) => {
        if (response.destroyed) return;
        response.write(text);
        if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
      };
      const send = (event: PlatformEvent) => write(frameEvent(event, framing));
      const { id } = channel;
      send({ name: "connected", conversationId: id });
      send({
        name: "conversation:init",
        conversationId: id,
        state: chat.channels.state(channel),
      });
      const unsubscribe = chat.channels.subscribe(channel, send);
      const heartbeat = setInterval(() => write(": heartbeat\n\n"), HEARTBEAT_MS);
      open.add(response);
      response.on("close", () => {
        clearInterval(heartbeat);
        unsubscribe();
        open.delete(response);
      });
    },

    close(): void {
      for (const response of open) response.end();
    },
  };
}
