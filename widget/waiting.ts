import type { ErrorCode } from "../proxy/protocol.ts";

/** A message that was typed and not accepted yet. */
export type Waiting = {
  /** Its Idempotency-Key. */
  key: string;
  content: string;
  /** When it was typed, or last sent by the visitor: ISO 8601. */
  created_at: string;
  /** The handle of its conversation; without one it goes into the present one, or a new one. */
  conversation?: string | undefined;
  /** It may have arrived. */
  isPosted?: boolean | undefined;
  /** Why it does not go out by itself. */
  problem?: { code: ErrorCode | "network" | "expired"; retryable: boolean } | undefined;
};

/** What is kept at most: messages, and UTF-16 units of their JSON. */
const MESSAGES = 20;
const ROOM = 64_000;

export type WaitingStore = ReturnType<typeof createWaitingStore>;

/**
 * Keeps each message in local storage under `prefix` and its key: tabs don't overwrite each other's.
 * Where storage is refused, or the room is taken, nothing is kept.
 */
export function createWaitingStore(prefix: string) {
  const names = () => Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  const attempt = <Result>(task: () => Result): Result | undefined => {
    try {
      return task();
    } catch {
      return undefined;
    }
  };

  return {
    /** In the order in which they were typed. */
    list(): Waiting[] {
      const read = () =>
        names().map((name) => JSON.parse(localStorage.getItem(name) ?? "") as Waiting);
      return (attempt(read) ?? []).toSorted((a, b) => (a.created_at < b.created_at ? -1 : 1));
    },
    put(waiting: Waiting): void {
      attempt(() => {
        const name = prefix + waiting.key;
        const others = names().filter((other) => other !== name);
        const text = JSON.stringify(waiting);
        const size = others.reduce(
          (sum, other) => sum + (localStorage.getItem(other)?.length ?? 0),
          text.length,
        );
        if (others.length < MESSAGES && size <= ROOM) localStorage.setItem(name, text);
      });
    },
    remove(key: string): void {
      attempt(() => localStorage.removeItem(prefix + key));
    },
    clear(): void {
      attempt(() => {
        for (const name of names()) localStorage.removeItem(name);
      });
    },
  };
}
