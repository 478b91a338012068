/** Who answers in conversations that are no longer in use: Lexey says it once, and no history has it. */
import type { ConversationStatus } from "../protocol.ts";

/** As long as an anonymous visitor's token lasts. */
export const STATUS_SECONDS = 30 * 24 * 60 * 60;
const MAX_ENTRIES = 10_000;

export type Statuses = ReturnType<typeof createStatuses>;

/** Those of one process, in its memory, each for 30 days; the oldest make room. */
export function createStatuses(now: () => number = Date.now) {
  /** When each escalation is forgotten, in milliseconds since 1970; all others are active. */
  const escalations = new Map<string, number>();

  return {
    get: (conversationId: string): ConversationStatus =>
      (escalations.get(conversationId) ?? 0) > now() ? "escalated" : "active",

    set(conversationId: string, status: ConversationStatus): void {
      // Re-inserting keeps the map in order of age: the first key is the one to drop.
      escalations.delete(conversationId);
      if (status === "active") return;
      escalations.set(conversationId, now() + STATUS_SECONDS * 1000);
      const [oldest] = escalations.keys();
      if (escalations.size > MAX_ENTRIES && oldest !== undefined) escalations.delete(oldest);
    },
  };
}
