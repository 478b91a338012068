import type { ConversationEvent, EventMap } from "../../proxy/protocol.ts";
import type { Cuts } from "./cuts.ts";
import { applySnapshot } from "./snapshot.ts";
import {
  change,
  findEntry,
  findUnnamed,
  put,
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
      return tell(transcript, event.data, cuts);
    case "message:chunk":
      return applyChunk(transcript, event.data, cuts);
    case "message:complete": {
      const told = tell(transcript, event.data, cuts);
      return told === transcript ? told : { ...told, state: "idle", tool: undefined };
    }
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

type Told = EventMap["message:new"] & Pick<EventMap["message:complete"], "provisionalId">;

/** A message as the platform has it takes the place of what is on the screen of it. */
function tell(
  transcript: Transcript,
  { message, key, provisionalId }: Told,
  cuts: Cuts,
): Transcript {
  const own = findEntry(transcript, key ?? provisionalId);
  const named = findEntry(transcript, message.id);
  // Told without its key before, at its place: the copy that was typed here has done its work.
  if (own && named && own !== named) return put(transcript, own, []);
  const known = own ?? named ?? (key ? undefined : findUnnamed(transcript, message));
  const [oldest] = transcript.entries;
  // Of a page that is not loaded: what came while the snapshot was read is told again.
  if (!known && transcript.hasMore && oldest && message.created_at < oldest.created_at)
    return transcript;
  const entries = toEntries([message], cuts);
  const isSettled = known?.id === message.id && known.created_at && !known.delivery;
  if (isSettled && known.content === entries[0]?.content) return transcript;
  return put(transcript, known, entries);
}

function applyChunk(
  transcript: Transcript,
  { messageId, offset, text }: EventMap["message:chunk"],
  cuts: Cuts,
): Transcript | "gap" {
  const entry = findEntry(transcript, messageId);
  const length = entry?.content.length ?? 0;
  if (entry ? !entry.isStreaming : cuts(messageId) !== undefined) return transcript;
  if (offset > length) return "gap";
  if (offset + text.length <= length && entry) return transcript;
  const responding: Transcript = { ...transcript, state: "responding", tool: undefined };
  if (!entry) return put(responding, undefined, [startAnswer(messageId, text)]);
  return change(responding, messageId, { content: entry.content + text.slice(length - offset) });
}

/** What was streamed stays, also when the answer was cut short. */
function endAnswer(transcript: Transcript): Transcript {
  const entries = transcript.entries.map((entry) => (entry.isStreaming ? settle(entry) : entry));
  return { ...transcript, entries, state: "idle", tool: undefined };
}
