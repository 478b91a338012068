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

const listItems = (key: string): Array<[name: string, text: string]> =>
  Object.entries<string>(localStorage).filter(([name]) => name.startsWith(`${key} `));

/** What waits under `key`, in the order in which it was typed. Throws where storage is refused. */
export const readWaiting = (key: string): Waiting[] =>
  listItems(key)
    .map(([, text]) => JSON.parse(text) as Waiting)
    .toSorted((a, b) => (a.created_at < b.created_at ? -1 : 1));

/**
 * Keeps each message in local storage under `key` and its own: tabs don't overwrite each other's.
 * Where storage is refused, or the room is taken, nothing is kept; nor where `isKept` is false.
 */
export function createWaitingStore(key: string, isKept: () => boolean) {
  const attempt = <Result>(task: () => Result): Result | undefined => {
    try {
      return isKept() ? task() : undefined;
    } catch {
      return undefined;
    }
  };

  return {
    list: () => attempt(() => readWaiting(key)) ?? [],
    put(waiting: Waiting): void {
      attempt(() => {
        const name = `${key} ${waiting.key}`;
        const others = listItems(key).filter(([other]) => other !== name);
        const text = JSON.stringify(waiting);
        const size = [text, ...others.map(([, other]) => other)].join("").length;
        if (others.length < MESSAGES && size <= ROOM) localStorage.setItem(name, text);
      });
    },
    remove(name: string): void {
      attempt(() => localStorage.removeItem(`${key} ${name}`));
    },
    clear(): void {
      attempt(() => listItems(key).forEach(([name]) => localStorage.removeItem(name)));
    },
  };
}
