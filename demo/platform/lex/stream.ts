import type { Response } from "express";
import type { Breaks } from "../breaks.ts";
import type { Chat } from "../chat.ts";
import type { PlatformEvent } from "../events.ts";
import type { Lots } from "../lots.ts";
import type { Framing } from "../misbehaviour.ts";
import { frameEvent, isLexEvent } from "./framing.ts";
import { sendPage } from "../trouble.ts";
import { openWire } from "../wire.ts";

const HEARTBEAT_MS = 15_000;

/** The open event streams; `close` ends them all. */
export type Streams = ReturnType<typeof createStreams>;

export type StreamsOptions = { chat: Chat; framing: Framing; breaks: Breaks; lots: Lots };

export function createStreams({ chat, framing, breaks, lots }: StreamsOptions) {
  const open = new Set<Response>();

  return {
    /** Writes `connected` and `conversation:init`, then every event as it happens; no replay. */
    start(response: Response, channel: { account: string; id: string }): void {
      if (breaks.streamType === "html") return sendPage(response);
      const wire = openWire(response, breaks, lots);
      const send = (event: PlatformEvent) => {
        if (isLexEvent(event)) wire.send(frameEvent(event, framing));
      };
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
