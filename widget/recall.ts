import type { MessagesResponse } from "../proxy/protocol.ts";
import { readSaved, toKey, toProxyUrl } from "./store.ts";
import { readWaiting } from "./waiting.ts";

/** Set by the build: what each language says of them. */
declare const UNREAD_WORDS: Readonly<Record<string, string>>;

/** What a browser remembers that concerns the launcher. */
export type Memory = {
  /** Messages that came since the visitor last looked; `news` says it in words. */
  unread: number;
  news: string;
  /** What the visitor has sent on an earlier page, and found no line, has still to go out. */
  hasOutbox: boolean;
};

/** `url` is that of the proxy. Rejects where storage is refused. */
export async function recall(url: string | undefined, locale: string): Promise<Memory> {
  const proxy = toProxyUrl(url);
  const unread = await count(proxy).catch(() => 0);
  return {
    unread,
    news: (UNREAD_WORDS[locale] ?? "").replace("{count}", `${unread}`),
    hasOutbox: readWaiting(toKey(proxy)).some(({ problem }) => !problem),
  };
}

async function count(proxy: string): Promise<number> {
  const { token, conversation, lastRead, cuts } = readSaved(proxy);
  if (!lastRead) return 0;
  const path = `api/conversations/${conversation}/messages?since=${encodeURIComponent(lastRead)}`;
  const response = await fetch(proxy + path, { headers: { Authorization: `Bearer ${token}` } });
  const { messages } = (await response.json()) as MessagesResponse;
  // A visitor who stopped an answer has seen it.
  const stopped = new Map(cuts);
  return messages.filter(({ id, role }) => role !== "user" && !stopped.has(`${conversation} ${id}`))
    .length;
}
