/** A conversation as one event: what its viewers start from. Pure. */
import type { Page } from "../platforms/platform.ts";
import type { EventMap, Message } from "../protocol.ts";
import type { Folded } from "./fold.ts";

export type Snapshot = EventMap["conversation:init"];

/** `at` is the id of the last event that it includes. What later ones tell may be in it, or not. */
export type PlacedSnapshot = { data: Snapshot; at: string };

/** What was told so far: beside the history, all that a snapshot says. */
export type Moment = Omit<Folded, "cuts"> & {
  /** The id of the last event. */
  at: string;
  /** How many events there were. */
  told: number;
};

/** A stopped answer ends where it was stopped; one that had no text yet is not there at all. */
export const applyCuts = (
  cuts: ReadonlyMap<string, number>,
  messages: readonly Message[],
): Message[] =>
  messages.flatMap((message) => {
    const length = cuts.get(message.id);
    if (length === undefined) return [message];
    return length === 0 ? [] : [{ ...message, content: message.content.slice(0, length) }];
  });

/** `page` is the newest one of the history, with the cuts applied. */
export function toSnapshot(page: Page, live: Omit<Folded, "cuts">): Snapshot {
  const { messages, hasMore } = page;
  const { state, status, partial, stopped, tools } = live;
  const isInHistory = (id: string): boolean => messages.some((message) => message.id === id);
  const isMissing = stopped !== null && stopped.content !== "" && !isInHistory(stopped.id);
  return {
    state,
    status,
    // The platform keeps an answer only at its end; what was stopped is shown until then too.
    messages: isMissing ? [...messages, stopped] : messages,
    partial: partial && isInHistory(partial.messageId) ? null : partial,
    ...(tools.length > 0 && { tools: [...tools] }),
    hasMore,
  };
}
