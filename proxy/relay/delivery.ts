/** What comes with a send: the answer before it is over, its message is told, and its answer is awaited. */
import { randomUUID } from "node:crypto";
import type { Sent } from "../platforms/platform.ts";
import type { FollowUp } from "./follow-up.ts";
import type { Gate } from "./gate.ts";
import type { History } from "./history.ts";
import type { Stopwatch } from "./stopwatch.ts";
import type { Transcript } from "./transcript.ts";
import type { Translator } from "./translator.ts";

export type DeliveryOptions = {
  gate: Gate;
  history: History;
  translator: Translator;
  transcript: Transcript;
  followUp: FollowUp;
  stopwatch: Stopwatch;
  /** As far as is known here: an answer is written, or awaited. */
  isAnswering: () => boolean;
  /** The platform's stream is open. */
  isStreaming: () => boolean;
};

/**
 * Sends `content` by `send` and resolves with the message's id. While it runs the platform's events
 * wait, so that the visitor's own message always comes before its answer. Rejects as `send` does.
 */
export type Deliver = (
  content: string,
  key: string | undefined,
  send: () => Promise<Sent>,
) => Promise<string>;

export function createDelivery(options: DeliveryOptions): Deliver {
  const { gate, history, translator, transcript, followUp, stopwatch } = options;

  /** The platform takes a message only when it is idle: an answer whose end was not told is over by now. */
  async function endEarlier(content: string, messageId: string | null): Promise<void> {
    history.begin();
    if (!options.isAnswering()) return;
    const isRead = await history.endEarlier({ id: messageId, content });
    const lost = translator.answer();
    translator.dropAnswer();
    // What the history goes on from now on is this message: what came before is not looked for again.
    if (!isRead || (lost && !lost.isStopped())) await followUp.refresh();
  }

  /** The platform has taken `content`; returns the message's id. `messageId` null: it named none. */
  function accept(content: string, messageId: string | null, key: string | undefined): string {
    stopwatch.onAccepted();
    const echo = gate.takeEcho(content, messageId);
    const platformId = messageId ?? echo?.id ?? null;
    const id = platformId ?? randomUUID();
    const createdAt = echo?.createdAt ?? new Date().toISOString();
    translator.addMessage({ id, role: "user", content, created_at: createdAt }, key);
    if (platformId === null) transcript.addUnnamed(content);
    // With the stream down, messages before this one may be unread: `since` has to go on from there.
    if (platformId !== null && options.isStreaming()) transcript.advanceTo(platformId);
    else transcript.remember(id);
    followUp.accepted();
    return id;
  }

  return (content, key, send) =>
    gate.holdWhile(async () => {
      const { messageId } = await send();
      await endEarlier(content, messageId);
      return accept(content, messageId, key);
    });
}
