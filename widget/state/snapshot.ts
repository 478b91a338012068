import type { EventMap } from "../../proxy/protocol.ts";
import type { Cuts } from "./cuts.ts";
import {
  emptyTranscript,
  findEntry,
  findOpen,
  findUnnamed,
  isKnown,
  startAnswer,
  toEntries,
  unsent,
  type Entry,
  type Transcript,
} from "./transcript.ts";

/** A few screens. More are fetched when the reader comes to the oldest one. */
const MOST = 20;

/**
 * The transcript as a snapshot tells it. What was on the screen keeps its uid, so nothing is redrawn.
 * Beside it stay older pages, what the platform has not seen, and the beginning of the last answer,
 * if the proxy has missed that.
 */
export function applySnapshot(
  transcript: Transcript,
  { messages, partial, tools, ...rest }: EventMap["conversation:init"],
  cuts: Cuts,
): Transcript {
  const told = toEntries(messages.slice(-MOST), cuts);
  if (partial && cuts(partial.messageId) === undefined) {
    told.push(startAnswer(partial.messageId, partial.text));
  }
  const start = transcript.entries.findIndex(({ id }) => id === told[0]?.id);
  const older = transcript.entries.slice(0, Math.max(start, 0));
  const lastKnown = told.findLastIndex(({ id }) => isKnown(transcript, id));
  let untold = transcript;

  function recognize(entry: Entry, index: number): Entry {
    const isNew = lastKnown >= 0 && index > lastKnown;
    const named = findEntry(untold, entry.id);
    const known = named ?? (isNew ? findUnnamed(untold, entry) : undefined);
    if (!known) return entry;
    untold = { ...untold, entries: untold.entries.filter((other) => other !== known) };
    // The chunks that follow say where they go: text that is on the screen stays there.
    const isBehind = entry.isStreaming && known.content.startsWith(entry.content);
    return { ...entry, uid: known.uid, content: isBehind ? known.content : entry.content };
  }

  const entries = told.map(recognize);
  const missed = lastKnown === told.length - 1 ? findOpen(untold) : undefined;
  return {
    ...emptyTranscript,
    ...rest,
    tool: tools?.at(-1)?.name,
    lastRead: transcript.lastRead,
    hasMore: older.length > 0 ? transcript.hasMore : rest.hasMore || messages.length > MOST,
    entries: [...older, ...entries, ...(missed ? [missed] : []), ...unsent(untold)],
  };
}
