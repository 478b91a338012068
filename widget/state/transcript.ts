import type { ConversationState, ConversationStatus, Message } from "../../proxy/protocol.ts";
import type { Cuts } from "./cuts.ts";
import { isUnsure, type Failure } from "./failure.ts";

/** One message on the screen. */
export type Entry = Message & {
  /** Stays when `id` changes: the Idempotency-Key of a message typed here, else the first id seen. */
  uid: string;
  /** Set until the proxy has accepted a message typed here. */
  delivery?: "sending" | "failed";
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
    const length = cuts.get(message.id);
    const entry = settle({ ...message, uid: message.id });
    if (length === undefined) return [entry];
    return length > 0
      ? [{ ...entry, content: entry.content.slice(0, length), wasStopped: true }]
      : [];
  });
}

/** Replaces the entry with that `uid` or `id`; the same transcript when there is none. */
export function replaceEntry(
  transcript: Transcript,
  id: string,
  change: (entry: Entry) => Entry,
): Transcript {
  const entry = findEntry(transcript, id);
  if (!entry) return transcript;
  const changed = change(entry);
  return changed === entry ? transcript : put(transcript, entry, [changed]);
}

/** `entries` take the place of `known`, under its uid; without one they come last. */
export function put(
  transcript: Transcript,
  known: Entry | undefined,
  entries: readonly Entry[],
): Transcript {
  const at = known ? transcript.entries.indexOf(known) : Infinity;
  const named = entries.map((entry) => ({ ...entry, uid: known?.uid ?? entry.uid }));
  return { ...transcript, entries: transcript.entries.toSpliced(at, 1, ...named) };
}

export function findEntry({ entries }: Transcript, id: string): Entry | undefined {
  return entries.find((entry) => entry.uid === id || entry.id === id);
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

/** Adds a message typed here; it ends the failure of an earlier answer. */
export function addUnsent(
  transcript: Transcript,
  key: string,
  message: Omit<Message, "id">,
): Transcript {
  const entry: Entry = { ...message, id: key, uid: key, delivery: "sending" };
  return { ...transcript, entries: [...transcript.entries, entry], failure: undefined };
}

/** The first text of an answer. Its time is known when it is complete. */
export function startAnswer(id: string, content: string): Entry {
  return { id, uid: id, role: "assistant", content, created_at: "", isStreaming: true };
}

/** The proxy has accepted message `key`. A copy that came by the stream first is the same message. */
export function markSent(transcript: Transcript, key: string, id: string): Transcript {
  const { entries } = transcript;
  // Told by the stream already, at its place: the copy of this page has done its work.
  if (entries.some((entry) => entry.id === id && entry.uid !== key)) {
    return { ...transcript, entries: entries.filter(({ uid }) => uid !== key) };
  }
  return replaceEntry(transcript, key, (entry) => settle({ ...entry, id }));
}

export function markSending(transcript: Transcript, key: string): Transcript {
  return replaceEntry(transcript, key, (entry) => ({ ...entry, delivery: "sending" }));
}

/** Unless it was told meanwhile that it did arrive. What may have arrived before may still have. */
export function markFailed(transcript: Transcript, key: string, failure: Failure): Transcript {
  return replaceEntry(transcript, key, (entry) => {
    if (!entry.delivery) return entry;
    return {
      ...entry,
      delivery: "failed",
      failure: isUnsure(entry.failure) ? entry.failure : failure,
    };
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
