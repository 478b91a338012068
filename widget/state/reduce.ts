import type { ConversationEvent, EventMap } from "../../proxy/protocol.ts";
import type { Cuts } from "./cuts.ts";
import { applySnapshot } from "./snapshot.ts";
import {
  findEntry,
  findUnnamed,
  put,
  replaceEntry,
  settle,
  startAnswer,
  toEntries,
  type Transcript,
} from "./transcript.ts";

/**
 * The transcript after one event. An event that was applied before changes nothing; `"gap"` means
 * that text is missing before this chunk, and only a snapshot can help.
 */
export function reduce(
  transcript: Transcript,
  event: ConversationEvent,
  cuts: Cuts,
): Transcript | "gap" {
  switch (event.event) {
    case "conversation:init":
      return applySnapshot(transcript, event.data, cuts);
    case "message:new":
      return applyNew(transcript, event.data, cuts);
    case "message:chunk":
      return applyChunk(transcript, event.data, cuts);
    case "message:complete":
      return applyComplete(transcript, event.data, cuts);
    case "message:tool_use":
      return { ...transcript, tool: event.data.name };
    case "conversation:state":
      return event.data.state === "idle" ? endAnswer(transcript) : { ...transcript, ...event.data };
    case "conversation:status":
      return { ...transcript, ...event.data };
    case "error": {
      const { code, retryable } = event.data;
      return { ...endAnswer(transcript), failure: { code, retryable } };
    }
    default:
      return transcript;
  }
}

function applyNew(
  transcript: Transcript,
  { message, key }: EventMap["message:new"],
  cuts: Cuts,
): Transcript {
  const known =
    findEntry(transcript, key ?? message.id) ??
    findEntry(transcript, message.id) ??
    (key === undefined ? findUnnamed(transcript, message) : undefined);
  if (known?.id === message.id && known.created_at && !known.delivery) return transcript;
  return put(transcript, known, toEntries([message], cuts));
}

function applyChunk(
  transcript: Transcript,
  { messageId, offset, text }: EventMap["message:chunk"],
  cuts: Cuts,
): Transcript | "gap" {
  const entry = findEntry(transcript, messageId);
  const length = entry?.content.length ?? 0;
  if (cuts.has(messageId) || (entry && !entry.isStreaming)) return transcript;
  if (offset > length) return "gap";
  if (offset + text.length <= length && entry) return transcript;
  const responding: Transcript = { ...transcript, state: "responding", tool: undefined };
  if (!entry) return put(responding, undefined, [startAnswer(messageId, text)]);
  const content = entry.content + text.slice(length - offset);
  return replaceEntry(responding, messageId, (entry) => ({ ...entry, content }));
}

function applyComplete(
  transcript: Transcript,
  { message, provisionalId }: EventMap["message:complete"],
  cuts: Cuts,
): Transcript {
  const known =
    findEntry(transcript, provisionalId ?? message.id) ??
    findEntry(transcript, message.id) ??
    findUnnamed(transcript, message);
  const entries = toEntries([message], cuts);
  const isKnown = known?.id === message.id && known.created_at;
  if (isKnown && known.content === entries[0]?.content) return transcript;
  return put({ ...transcript, state: "idle", tool: undefined }, known, entries);
}

/** What was streamed stays, also when the answer was cut short. */
function endAnswer(transcript: Transcript): Transcript {
  const entries = transcript.entries.map((entry) => (entry.isStreaming ? settle(entry) : entry));
  return { ...transcript, entries, state: "idle", tool: undefined };
}
