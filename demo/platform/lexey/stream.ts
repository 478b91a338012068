import type { Response } from "express";
import type { Breaks } from "../breaks.ts";
import type { Chat } from "../chat.ts";
import type { PlatformEvent } from "../events.ts";
import type { Lots } from "../lots.ts";
import type { Conversation } from "../storage/conversations.ts";
import { openWire } from "../wire.ts";
import { DONE, frame } from "./framing.ts";

export type StreamOptions = { chat: Chat; breaks: Breaks; lots: Lots };

/**
 * Streams the answer that is under way, to its end. Assumed where the streaming guide is silent: a
 * `status` comes where it happens, `[DONE]` also follows an `error`, there are no heartbeats, and
 * an answer is written and stored whether or not anybody reads it.
 */
export function streamAnswer(
  response: Response,
  conversation: Conversation,
  { chat, breaks, lots }: StreamOptions,
): void {
  const wire = openWire(response, breaks, lots);
  let number = 0;
  let isDone = false;
  const send = (data: string) => wire.send(frame((number += 1), data, breaks.ids));

  const unsubscribe = chat.channels.subscribe(conversation, (event) => {
    const payload = toPayload(event);
    if (payload) send(JSON.stringify(payload));
    if (event.name === "message:complete") isDone = true;
    if (event.name === "message:error") isDone = breaks.afterError === "done";
    // Not before: whoever has read [DONE] may send the next message.
    if (event.name !== "conversation:state" || event.state !== "idle") return;
    if (isDone) send(DONE);
    wire.end();
  });
  response.on("close", unsubscribe);
}

function toPayload(event: PlatformEvent): Record<string, string> | null {
  switch (event.name) {
    case "message:chunk":
      return { type: "delta", text: event.text };
    case "conversation:status":
      return { type: "status", status: event.status };
    case "message:error":
      return { type: "error", message: event.message };
    default:
      return null;
  }
}
