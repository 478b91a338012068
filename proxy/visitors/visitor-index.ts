/** Which conversations an identified visitor has, so that another device of theirs can list them. */

/**
 * A port: losing its content loses the list on other devices, never a conversation. So neither
 * rejects: a message that was sent is not reported as failed because of it.
 */
export type VisitorIndex = {
  add: (visitorId: string, conversationId: string) => Promise<void>;
  /** Platform ids, newest first. */
  list: (visitorId: string) => Promise<string[]>;
};

const MAX_VISITORS = 50_000;
/** Of one visitor, the newest ones. */
export const MAX_CONVERSATIONS = 50;

/** In memory, for one process. Entries expire `days` after their visitor's last conversation. */
export function createMemoryIndex(days: number, now: () => number = Date.now): VisitorIndex {
  const entries = new Map<string, { ids: string[]; expiresAt: number }>();
  return {
    async add(visitorId, conversationId) {
      const known = entries.get(visitorId)?.ids ?? [];
      const ids = [conversationId, ...known.filter((id) => id !== conversationId)].slice(
        0,
        MAX_CONVERSATIONS,
      );
      // Re-inserting keeps the map in order of use: the first key is the one to drop.
      entries.delete(visitorId);
      entries.set(visitorId, { ids, expiresAt: now() + days * 86_400_000 });
      const [oldest] = entries.keys();
      if (entries.size > MAX_VISITORS && oldest !== undefined) entries.delete(oldest);
    },
    async list(visitorId) {
      const entry = entries.get(visitorId);
      if (!entry) return [];
      if (entry.expiresAt > now()) return entry.ids;
      entries.delete(visitorId);
      return [];
    },
  };
}
