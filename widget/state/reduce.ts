import type { ConversationEvent, EventMap } from "../../proxy/protocol.ts";
import { emptyTranscript, findEntry, replaceEntry, unsent, settle } from "./transcript.ts";
import type { Entry, Transcript } from "./transcript.ts";

/**
 * The transcript after one event. An event that was applied before changes nothing; `"gap"` means
 * that text is missing before this chunk, and only a snapshot can help.
 */
export function reduce(transcript: Transcript, event: ConversationEvent): Transcript | "gap" {
  switch (event.event) {
    case "conversation:init":
      return applySnapshot(transcript, event.data);
    case "message:new":
      return applyNew(transcript, event.data);
    case "message:chunk":
      return applyChunk(transcript, event.data);
    case "message:complete":
      return applyComplete(transcript, event.data);
    case "message:tool_use":
      return { ...transcript, tool: event.data.name };
    case "conversation:state":
      return event.data.state === "idle"
        ? endAnswer(transcript)
        : { ...transcript, state: event.data.state };
    case "conversation:status":
      return { ...transcript, status: event.data.status };
    case "error": {
      const { code, retryable } = event.data;
      return { ...endAnswer(transcript), failure: { code, isRetryable: retryable } };
    }
    default:
      return transcript;
  }
}

/** A snapshot replaces everything but what the platform has not seen; uids stay, so nothing is redrawn. */
function applySnapshot(
  transcript: Transcript,
  { messages, partial, ...rest }: EventMap["conversation:init"],
): Transcript {
  const uidOf = (id: string) => findEntry(transcript, id)?.uid ?? id;
  const entries: Entry[] = messages.map((message) =>
    settle({ ...message, uid: uidOf(message.id) }),
  );
  if (partial) entries.push(startAnswer(partial.messageId, partial.text, uidOf(partial.messageId)));
  return { ...emptyTranscript, ...rest, entries: [...entries, ...unsent(transcript)] };
}

function applyNew(transcript: Transcript, { message, key }: EventMap["message:new"]): Transcript {
  const own = key !== undefined && findEntry(transcript, key);
  if (own) {
    return replaceEntry(transcript, key, (entry) =>
      entry.delivery || entry.id !== message.id ? { ...settle(entry), ...message } : entry,
    );
  }
  if (findEntry(transcript, message.id)) return transcript;
  return append(transcript, { ...message, uid: message.id });
}

function applyChunk(
  transcript: Transcript,
  { messageId, offset, text }: EventMap["message:chunk"],
): Transcript | "gap" {
  const entry = findEntry(transcript, messageId);
  const length = entry?.content.length ?? 0;
  if (entry && !entry.isStreaming) return transcript;
  if (offset > length) return "gap";
  if (offset + text.length <= length && entry) return transcript;
  const responding: Transcript = { ...transcript, state: "responding", tool: null };
  if (!entry) return append(responding, startAnswer(messageId, text, messageId));
  const content = entry.content + text.slice(length - offset);
  return replaceEntry(responding, messageId, (entry) => ({ ...entry, content }));
}

function applyComplete(
  transcript: Transcript,
  { message, provisionalId, stopped }: EventMap["message:complete"],
): Transcript {
  const known =
    findEntry(transcript, provisionalId ?? message.id) ?? findEntry(transcript, message.id);
  const isKnown = known && !known.isStreaming && known.id === message.id;
  if (isKnown && known.content === message.content) return transcript;
  const entry: Entry = {
    ...message,
    uid: known?.uid ?? message.id,
    ...(stopped && { wasStopped: true }),
  };
  const ended: Transcript = { ...transcript, state: "idle", tool: null };
  return known ? replaceEntry(ended, known.uid, () => entry) : append(ended, entry);
}

/** What was streamed stays, also when the answer was cut short. */
function endAnswer(transcript: Transcript): Transcript {
  const entries = transcript.entries.map((entry) => (entry.isStreaming ? settle(entry) : entry));
  return { ...transcript, entries, state: "idle", tool: null };
}

/** The time of an answer is known when it is complete. */
function startAnswer(id: string, content: string, uid: string): Entry {
  return { id, uid, role: "assistant", content, created_at: "", isStreaming: true };
}

function append(transcript: Transcript, entry: Entry): Transcript {
  return { ...transcript, entries: [...transcript.entries, entry] };
}
