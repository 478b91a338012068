import type { ConversationsResponse, ConversationSummary } from "../../proxy/protocol.ts";
import type { Chat } from "../state/chat.ts";

/** So many are asked for at once, that the first ones are there soon: each costs the platform a call. */
const BATCH = 10;

/** The visitor's conversations as far as they are known, the last one first; again after each batch. */
export async function* loadSummaries({ handle, store, transport }: Chat) {
  const remembered = (store.read().conversations ?? []).map(([id]) => id);
  const handles = [...new Set(handle ? [handle, ...remembered] : remembered)];
  const summaries = new Map<string, ConversationSummary>();
  for (let start = 0; start === 0 || start < handles.length; start += BATCH) {
    const ids = handles.slice(start, start + BATCH).join(",");
    const response = await transport.ask(`api/conversations?ids=${ids}`);
    const { conversations } = (await response.json()) as ConversationsResponse;
    for (const summary of conversations) summaries.set(summary.conversationId, summary);
    yield [...summaries.values()].sort((one, other) => timeOf(other) - timeOf(one));
  }
}

const timeOf = ({ lastMessage }: ConversationSummary): number =>
  lastMessage ? Date.parse(lastMessage.created_at) : 0;
