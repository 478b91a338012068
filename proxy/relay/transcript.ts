/** What a relay knows of a conversation's messages: which were shown, up to where, and where answers were cut. */
import type { Message } from "../protocol.ts";
import { applyCuts } from "./snapshot.ts";

const MAX_REMEMBERED = 1000;

export type Transcript = ReturnType<typeof createTranscript>;

export function createTranscript() {
  const seen = new Set<string>();
  const cuts = new Map<string, number>();
  /** Texts of sends whose id the proxy made up, until the platform's own id is known. */
  let unnamed: string[] = [];
  let lastId: string | null = null;

  function remember(id: string): void {
    seen.add(id);
    const [oldest] = seen;
    if (seen.size > MAX_REMEMBERED && oldest !== undefined) seen.delete(oldest);
  }

  return {
    has: (id: string): boolean => seen.has(id),
    remember,
    /** The newest message up to which nothing is missing: where `messages?since` goes on. */
    lastId: (): string | null => lastId,
    advanceTo(id: string): void {
      remember(id);
      lastId = id;
    },

    addUnnamed(content: string): void {
      unnamed = [...unnamed.slice(-20), content];
    },
    /** True once for each unnamed send of this text: the platform's message is that one. */
    claimUnnamed(content: string): boolean {
      const index = unnamed.indexOf(content);
      if (index < 0) return false;
      unnamed.splice(index, 1);
      return true;
    },

    /** The visitor stopped this answer after `length` UTF-16 units; the rest is never shown. */
    cut(id: string, length: number): void {
      cuts.set(id, length);
      const [oldest] = cuts.keys();
      if (cuts.size > MAX_REMEMBERED && oldest !== undefined) cuts.delete(oldest);
    },
    applyCuts: (messages: readonly Message[]): Message[] => applyCuts(cuts, messages),
  };
}
