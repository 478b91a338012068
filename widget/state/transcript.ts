import type {
  ConversationState,
  ConversationStatus,
  ErrorCode,
  Message,
} from "../../proxy/protocol.ts";

/** Why a message was not sent, or an answer not finished. */
export type Failure = { code: ErrorCode | "network"; isRetryable: boolean };

/** One message on the screen. */
export type Entry = Message & {
  /** Stays when `id` changes: the Idempotency-Key of a message typed here, else the first id seen. */
  uid: string;
  /** Set until the proxy has accepted a message typed here. */
  delivery?: "sending" | "failed";
  failure?: Failure;
  isStreaming?: boolean;
  wasStopped?: boolean;
};

/** One conversation as the visitor sees it. Immutable. */
export type Transcript = {
  entries: readonly Entry[];
  /** The tool that was used last, until text follows: a fast one would only flicker. */
  tool: string | null;
  state: ConversationState;
  status: ConversationStatus;
  /** Older messages exist. */
  hasMore: boolean;
  /** The last answer ended by an error. */
  failure: Failure | null;
};

export const emptyTranscript: Transcript = {
  entries: [],
  tool: null,
  state: "idle",
  status: "active",
  hasMore: false,
  failure: null,
};

/** Replaces the entry with that `uid` or `id`; the same transcript when there is none. */
export function replaceEntry(
  transcript: Transcript,
  id: string,
  change: (entry: Entry) => Entry,
): Transcript {
  const index = transcript.entries.findIndex((entry) => entry.uid === id || entry.id === id);
  const entry = transcript.entries[index];
  if (!entry) return transcript;
  const changed = change(entry);
  return changed === entry
    ? transcript
    : { ...transcript, entries: transcript.entries.with(index, changed) };
}

export function findEntry(transcript: Transcript, id: string): Entry | undefined {
  return transcript.entries.find((entry) => entry.uid === id || entry.id === id);
}

/** Adds a message typed here; it ends the failure of an earlier answer. */
export function addUnsent(
  transcript: Transcript,
  key: string,
  message: Omit<Message, "id">,
): Transcript {
  const entry: Entry = { ...message, id: key, uid: key, delivery: "sending" };
  return { ...transcript, entries: [...transcript.entries, entry], failure: null };
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
  return replaceEntry(transcript, key, (entry) => ({
    ...settle(entry),
    delivery: "sending",
  }));
}

export function markFailed(transcript: Transcript, key: string, failure: Failure): Transcript {
  return replaceEntry(transcript, key, (entry) => ({ ...entry, delivery: "failed", failure }));
}

export function addOlder(
  transcript: Transcript,
  messages: readonly Message[],
  hasMore: boolean,
): Transcript {
  const older = messages
    .filter((message) => !findEntry(transcript, message.id))
    .map((message) => settle({ ...message, uid: message.id }));
  return { ...transcript, entries: [...older, ...transcript.entries], hasMore };
}

/** Only what was typed here and has not reached the platform. */
export function unsent(transcript: Transcript): readonly Entry[] {
  return transcript.entries.filter((entry) => entry.delivery);
}

/** The entry as the platform has it: neither under way nor failed. */
export function settle({ uid, id, role, content, created_at }: Entry): Entry {
  return { uid, id, role, content, created_at };
}
