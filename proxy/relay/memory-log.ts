/** The event log of one process: the last events in memory, within two caps. */
import { randomBytes } from "node:crypto";
import type { EventLog, LoggedEvent } from "./event-log.ts";
import { encodeEvent } from "./sse.ts";

const MAX_EVENTS = 2000;
const MAX_CHARACTERS = 1024 * 1024;

export type MemoryLogOptions = { padding?: boolean; maxEvents?: number; maxCharacters?: number };

/** A new epoch each time: ids of an earlier log, or of another process, are `gone`. */
export function createMemoryLog(options: MemoryLogOptions = {}): EventLog {
  const { padding = false, maxEvents = MAX_EVENTS, maxCharacters = MAX_CHARACTERS } = options;
  const epoch = randomBytes(6).toString("hex");
  const events: LoggedEvent[] = [];
  let characters = 0;
  /** The number of the newest event, and how many were dropped from the front. */
  let last = 0;
  let dropped = 0;

  return {
    append(event) {
      last += 1;
      const id = `${epoch}-${last}`;
      const logged = { id, frame: encodeEvent(event, id, padding) };
      events.push(logged);
      characters += logged.frame.length;
      while (events.length > maxEvents || (characters > maxCharacters && events.length > 1)) {
        characters -= events.shift()?.frame.length ?? 0;
        dropped += 1;
      }
      return logged;
    },

    lastId: () => `${epoch}-${last}`,

    since(id) {
      const match = /^([0-9a-f]{12})-(\d{1,15})$/.exec(id);
      if (!match || match[1] !== epoch) return "gone";
      const number = Number(match[2]);
      if (number < dropped || number > last) return "gone";
      return events.slice(number - dropped);
    },
  };
}
