/** The port of the event log: a conversation's recent events, numbered and already encoded. */
import type { ConversationEvent } from "../protocol.ts";

/** `id` is `<epoch>-<n>`; `frame` is the event as it goes over the wire. */
export type LoggedEvent = { id: string; frame: string };

export type ReadableLog = {
  /**
   * The id of the newest event; `<epoch>-0` before the first. Of an error the one before it: no snapshot
   * holds it, and whoever comes right after it is told too.
   */
  lastId: () => string;
  /** What came after `id`, or `gone` when that can't be said: too old, unknown, another epoch. */
  since: (id: string) => readonly LoggedEvent[] | "gone";
};

export type EventLog = ReadableLog & {
  append: (event: ConversationEvent) => LoggedEvent;
  /** Forgets what was there at the call before. */
  expire: () => void;
};
