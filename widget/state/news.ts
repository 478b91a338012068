import type { Message } from "../../proxy/protocol.ts";
import type { Failure } from "./failure.ts";
import { isSettled, type Transcript } from "./transcript.ts";

/**
 * Returns a function that finds the whole messages of a transcript that came while it was on the
 * screen, each once. What a conversation begins with, and older pages, are no news.
 */
export function createNews(): (transcript: Transcript) => Message[] {
  /** Uids of what was on the screen in any state; and of what is no news any more. */
  const seen = new Set<string>();
  const told = new Set<string>();
  return ({ entries }) => {
    // What the platform does not have is behind everything that comes.
    const at = entries.findLastIndex(({ uid, delivery }) => !delivery && seen.has(uid));
    const news = entries.filter((entry, index) => {
      const isRestored = !seen.has(entry.uid) && (at < 0 || index < at);
      seen.add(entry.uid);
      if (!isSettled(entry) || told.has(entry.uid)) return false;
      told.add(entry.uid);
      return !isRestored;
    });
    return news.map(({ id, role, content, created_at }) => ({ id, role, content, created_at }));
  };
}

/** Returns a function that finds what has failed since it was called before: answers and messages. */
export function createFailureNews(): (transcript: Transcript) => Failure[] {
  /** An answer's failure, and the uids of messages: several may have failed alike. */
  let before: readonly unknown[] = [];
  return ({ failure, entries }) => {
    const failed = entries.filter(({ delivery }) => delivery === "failed");
    const news = [
      !before.includes(failure) && failure,
      ...failed.map((entry) => !before.includes(entry.uid) && entry.failure),
    ];
    before = [failure, ...failed.map(({ uid }) => uid)];
    return news.filter((failure) => !!failure);
  };
}
