/** What the browser remembers of a visitor, for one proxy. */
export type Saved = {
  token?: string | undefined;
  /** When the token was issued, in milliseconds since 1970. */
  issuedAt?: number | undefined;
  /** The handle of the last conversation. */
  conversation?: string | undefined;
  /** The id of the last message that was on the screen. */
  lastRead?: string | undefined;
  /** Where answers were stopped, the newest last: message id, UTF-16 units shown. */
  cuts?: readonly (readonly [string, number])[] | undefined;
};

export type Store = {
  read(): Saved;
  /** Merges; `undefined` forgets a field. */
  write(changes: Saved): void;
};

/**
 * Keeps `Saved` in local storage under one key per proxy. Where storage is refused (a blocked third
 * party, a full disk) it lives as long as the page.
 */
export function createStore(proxy: string): Store {
  const key = `lex-chat:${proxy}`;
  let memory: Saved = {};
  const read = (): Saved => {
    try {
      return (JSON.parse(localStorage.getItem(key) ?? "null") as Saved | null) ?? memory;
    } catch {
      return memory;
    }
  };
  return {
    read,
    write(changes) {
      memory = { ...read(), ...changes };
      try {
        localStorage.setItem(key, JSON.stringify(memory));
      } catch {
        // `memory` has it.
      }
    },
  };
}
