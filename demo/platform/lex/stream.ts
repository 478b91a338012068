import type { Response } from "express";
import type { Breaks } from "../breaks.ts";
import type { Chat } from "../chat.ts";
import type { PlatformEvent } from "../events.ts";
import type { Lots } from "../lots.ts";
import type { Framing } from "../misbehaviour.ts";
import { frameEvent } from "./framing.ts";
import { createWire } from "./wire.ts";

const HEARTBEAT_MS = 15_000;

const HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-cache, no-transform",
  Connection: "keep-alive",
  "X-Accel-Buffering": "no",
};

/** The open event streams; `close` ends them all. */
export type Streams = ReturnType<typeof createStreams>;

export type StreamsOptions = { chat: Chat; framing: Framing; breaks: Breaks; lots: Lots };

export function createStreams({ chat, framing, breaks, lots }: StreamsOptions) {
  const open = new Set<Response>();

  return {
    /** Writes `connected` and `conversation:init`, then every event as it happens; no replay. */
    start(response: Response, channel: { account: string; id: string }): void {
      if (breaks.streamType === "html") {
        response.type("html").send("<!doctype html><h1>Please log in</h1>");
        return;
      }
      response.writeHead(200, HEADERS);
      response.socket?.setNoDelay(true);
      const wire = createWire(response, breaks, lots);
      const send = (event: PlatformEvent) => wire.send(frameEvent(event, framing));
      const { id } = channel;
      send({ name: "connected", conversationId: id });
      send({
        name: "conversation:init",
        conversationId: id,
        state: chat.channels.state(channel),
      });
      const unsubscribe = chat.channels.subscribe(channel, send);
      const heartbeat = setInterval(() => wire.comment("heartbeat"), HEARTBEAT_MS);
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
