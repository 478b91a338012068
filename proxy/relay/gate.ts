/** Holds the platform's events back while a send is under way: a visitor's message comes before its answer. */
import type { PlatformEvent, PlatformMessage } from "../platforms/platform.ts";

/** More than any answer brings in the moment until its 202; beyond, order gives way to memory. */
const MAX_HELD_EVENTS = 5000;
const MAX_HELD_CHARACTERS = 4 * 1024 * 1024;

export type Gate = {
  /** Passes an event on, or keeps it until no send is under way. */
  receive: (event: PlatformEvent) => void;
  /** Runs a send; what was held passes when the last one has ended. */
  holdWhile: <Result>(send: () => Promise<Result>) => Promise<Result>;
  /** Takes the platform's own event for a message that was just sent out of what is held. */
  takeEcho: (content: string, messageId: string | null) => PlatformMessage | null;
};

export function createGate(pass: (event: PlatformEvent) => void): Gate {
  let sendsUnderWay = 0;
  let held: PlatformEvent[] = [];
  let characters = 0;
  let isFull = false;

  function release(): void {
    const events = held;
    held = [];
    characters = 0;
    for (const event of events) pass(event);
  }

  return {
    receive(event) {
      if (sendsUnderWay === 0 || isFull) return pass(event);
      held.push(event);
      characters += charactersOf(event);
      isFull = held.length > MAX_HELD_EVENTS || characters > MAX_HELD_CHARACTERS;
      if (isFull) release();
    },

    async holdWhile(send) {
      sendsUnderWay += 1;
      try {
        return await send();
      } finally {
        sendsUnderWay -= 1;
        if (sendsUnderWay === 0) {
          isFull = false;
          release();
        }
      }
    },

    takeEcho(content, messageId) {
      const index = held.findIndex(
        (event) =>
          event.type === "message" &&
          event.message.role === "user" &&
          (messageId === null ? event.message.content === content : event.message.id === messageId),
      );
      const [event] = index < 0 ? [] : held.splice(index, 1);
      return event?.type === "message" ? event.message : null;
    },
  };
}

function charactersOf(event: PlatformEvent): number {
  if (event.type === "chunk") return event.text.length;
  return "message" in event ? (event.message.content?.length ?? 0) : 0;
}
