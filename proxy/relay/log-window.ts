/** The part of a log that is kept: the newest events within two caps, as long as somebody may resume from them. */
import { randomBytes } from "node:crypto";
import type { LoggedEvent, ReadableLog } from "./event-log.ts";

const MAX_EVENTS = 2000;
const MAX_CHARACTERS = 1024 * 1024;

export type LogWindowOptions = { maxEvents?: number; maxCharacters?: number };

export type LogWindow = ReadableLog & {
  epoch: () => string;
  /** The number of the newest event; 0 before the first. */
  last: () => number;
  /** The event after the newest one. `isError`: see `lastId`. */
  add: (frame: LoggedEvent["frame"], isError?: boolean) => LoggedEvent;
  /** Forgets what was there at the call before. */
  expire: () => void;
  /** Forgets everything: what comes next is number `last + 1` of this epoch. */
  reset: (epoch: string, last: number) => void;
};

export function createLogWindow(initialEpoch: string, options: LogWindowOptions = {}): LogWindow {
  const { maxEvents = MAX_EVENTS, maxCharacters = MAX_CHARACTERS } = options;
  const events: LoggedEvent[] = [];
  let epoch = initialEpoch;
  let characters = 0;
  let last = 0;
  let isLastError = false;
  /** Newest at the last `expire`. */
  let expiring = 0;

  function drop(count: number): void {
    for (const { frame } of events.splice(0, count)) characters -= frame.length;
  }

  return {
    epoch: () => epoch,
    last: () => last,
    lastId: () => `${epoch}-${isLastError && events.length > 0 ? last - 1 : last}`,

    add(frame, isError = false) {
      last += 1;
      isLastError = isError;
      const logged = { id: `${epoch}-${last}`, frame };
      events.push(logged);
      characters += frame.length;
      while (events.length > maxEvents || (characters > maxCharacters && events.length > 1)) {
        characters -= events.shift()?.frame.length ?? 0;
      }
      return logged;
    },

    expire() {
      drop(Math.max(0, expiring - (last - events.length)));
      expiring = last;
    },

    reset(newEpoch, newLast) {
      epoch = newEpoch;
      last = newLast;
      expiring = newLast;
      events.length = 0;
      characters = 0;
    },

    since(id) {
      const match = /^([0-9a-f]{12})-(\d{1,15})$/.exec(id);
      if (!match || match[1] !== epoch) return "gone";
      const number = Number(match[2]);
      const dropped = last - events.length;
      if (number < dropped || number > last) return "gone";
      return events.slice(number - dropped);
    },
  };
}

/** Ids of an earlier log, or of another process, are `gone`. */
export const createEpoch = (): string => randomBytes(6).toString("hex");
