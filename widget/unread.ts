import type { MessagesResponse } from "../proxy/protocol.ts";
import type { Store } from "./store.ts";

/** How many messages came since the visitor last looked; asks only in a browser that has chatted. */
export async function countUnread(proxy: string, store: Store): Promise<number> {
  const { token, conversation, lastRead, cuts } = store.read();
  if (!lastRead) return 0;
  try {
    const path = `api/conversations/${conversation}/messages?since=${encodeURIComponent(lastRead)}`;
    const response = await fetch(proxy + path, { headers: { Authorization: `Bearer ${token}` } });
    const { messages } = (await response.json()) as MessagesResponse;
    // A visitor who stopped an answer has seen it.
    const stopped = new Map(cuts);
    return messages.filter(({ id, role }) => role !== "user" && !stopped.has(id)).length;
  } catch {
    return 0;
  }
}
