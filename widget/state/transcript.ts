import type { ConversationState, ConversationStatus, Message } from "../../proxy/protocol.ts";
import type { Waiting } from "../waiting.ts";
import type { Cuts } from "./cuts.ts";
import { isUnsure, UNSURE, type Failure } from "./failure.ts";

/** One message on the screen. */
export type Entry = Message & {
  /** Stays when `id` changes: the Idempotency-Key of a message typed here, else the first id seen. */
  uid: string;
  /** Set until the proxy has accepted a message typed here. */
  delivery?: "sending" | "failed" | undefined;
  /** It was given to the proxy at least once. */
  isPosted?: boolean | undefined;
  /** Of the last attempt. */
  failure?: Failure | undefined;
  isStreaming?: boolean;
  wasStopped?: boolean;
};

/** One conversation as the visitor sees it. Immutable. */
export type Transcript = {
  entries: readonly Entry[];
  /** The tool that was used last, until text follows: a fast one would only flicker. */
  tool?: string | undefined;
  state: ConversationState;
  status: ConversationStatus;
  /** Older messages exist. */
  hasMore: boolean;
  /** The id of the last message that was on the screen. */
  lastRead?: string | undefined;
  /** The last answer ended by an error. */
  failure?: Failure | undefined;
};

export const emptyTranscript: Transcript = {
  entries: [],
  state: "idle",
  status: "active",
  hasMore: false,
};

/** Messages as the visitor sees them: a stopped answer ends where it was stopped, or is not there. */
export function toEntries(messages: readonly Message[], cuts: Cuts): Entry[] {
  return messages.flatMap((message) => {
    const length = cuts(message.id);
    const entry = { ...message, uid: message.id };
    if (length === undefined) return [entry];
    return length > 0
      ? [{ ...entry, content: entry.content.slice(0, length), wasStopped: true }]
      : [];
  });
}

/** The entry with that `uid` or `id` gets other values; the same transcript when there is none. */
export function change(transcript: Transcript, id: string, changes: Partial<Entry>): Transcript {
  const entry = findEntry(transcript, id);
  return entry ? put(transcript, entry, [{ ...entry, ...changes }]) : transcript;
}

/**
 * `entries` take the place of `known`, under its uid; without one they come last. What the platform does
 * not have yet stays behind all that it has: in the end the order is the platform's.
 */
export function put(
  transcript: Transcript,
  known: Entry | undefined,
  entries: readonly Entry[],
): Transcript {
  const at = known ? transcript.entries.indexOf(known) : Infinity;
  const named = entries.map((entry) => ({ ...entry, uid: known?.uid ?? entry.uid }));
  const next = transcript.entries.toSpliced(at, 1, ...named);
  // Each piece of an answer comes by here: it needs no sorting.
  if (known && !known.delivery) return { ...transcript, entries: next };
  const sorted = next.toSorted((one, other) => +!!one.delivery - +!!other.delivery);
  return { ...transcript, entries: sorted };
}

export function findEntry({ entries }: Transcript, id: string | undefined): Entry | undefined {
  return entries.find((entry) => entry.uid === id || entry.id === id);
}

/** Whether the message was on the screen, now or before the page was loaded. */
export function isKnown(transcript: Transcript, id: string): boolean {
  return id === transcript.lastRead || findEntry(transcript, id) !== undefined;
}

/**
 * What is on the screen of a message whose id is new: the copy that was typed here, if it is not known
 * whether that was sent, or the beginning of the answer.
 */
export function findUnnamed(transcript: Transcript, { role, content }: Message): Entry | undefined {
  if (role === "user") {
    return transcript.entries.find((entry) => isUnsure(entry.failure) && entry.content === content);
  }
  const open = findOpen(transcript);
  return open && content.startsWith(open.content) ? open : undefined;
}

/** The last message, if it is the beginning of an answer of whose end nothing was heard. */
export function findOpen({ entries }: Transcript): Entry | undefined {
  const last = entries.findLast((entry) => !entry.delivery);
  return last?.content && !last.created_at ? last : undefined;
}

/**
 * Adds a message typed here; it ends the failure of an earlier answer. What was on its way when its page
 * was left may have arrived.
 */
export function addUnsent(
  transcript: Transcript,
  { key, content, created_at, isPosted, problem }: Waiting,
): Transcript {
  const entry: Entry = {
    id: key,
    uid: key,
    role: "user",
    content,
    created_at,
    isPosted,
    delivery: problem ? "failed" : "sending",
    failure: problem ?? (isPosted ? UNSURE : undefined),
  };
  return { ...transcript, entries: [...transcript.entries, entry], failure: undefined };
}

/** The first text of an answer. Its time is known when it is complete. */
export function startAnswer(id: string, content: string): Entry {
  return { id, uid: id, role: "assistant", content, created_at: "", isStreaming: true };
}

/** Unless it was told meanwhile that it did arrive. What may have arrived before may still have. */
export function markFailed(transcript: Transcript, key: string, failure: Failure): Transcript {
  const entry = findEntry(transcript, key);
  if (!entry?.delivery) return transcript;
  return change(transcript, key, {
    delivery: "failed",
    failure: isUnsure(entry.failure) ? entry.failure : failure,
  });
}

export function addOlder(
  transcript: Transcript,
  older: readonly Entry[],
  hasMore: boolean,
): Transcript {
  const unknown = older.filter(({ id }) => !findEntry(transcript, id));
  return { ...transcript, entries: [...unknown, ...transcript.entries], hasMore };
}

/** Only what was typed here and has not reached the platform. */
export function unsent({ entries }: Transcript): readonly Entry[] {
  return entries.filter((entry) => entry.delivery);
}

/** The entry as the platform has it: neither under way nor failed. */
export function settle({ uid, id, role, content, created_at }: Entry): Entry {
  return { uid, id, role, content, created_at };
}

/** A whole message that the platform has. */
export const isSettled = (entry: Entry): boolean => !entry.delivery && !entry.isStreaming;

/** Messages of the agent after the last one that was on the screen. */
export function countUnread({ entries, lastRead }: Transcript): number {
  const read = entries.findLastIndex(({ id, uid }) => id === lastRead || uid === lastRead);
  return entries.slice(read + 1).filter((entry) => entry.role !== "user" && isSettled(entry))
    .length;
}
