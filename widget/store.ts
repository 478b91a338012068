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
  /** The visitor's conversations, the last one first: handle, id of the last message that was on the screen. */
  conversations?: readonly (readonly [handle: string, lastRead: string])[] | undefined;
  /** The visitor has agreed to what the page's `consent` says. */
  hasConsented?: boolean | undefined;
  /** What is in the composer. */
  draftText?: string | undefined;
  /** In the order in which they were typed. */
  outbox?: readonly Waiting[] | undefined;
};

export type Store = {
  read(): Saved;
  /** Merges; `undefined` forgets a field. */
  write(changes: Saved): void;
  /** Forgets all, and leaves nothing in the browser. */
  clear(): void;
};

/**
 * Keeps `Saved` in local storage, for each proxy. Where storage is refused (a blocked third party, a full
 * disk) it lives as long as the page.
 */
export function createStore(proxy: string): Store {
  const main = createEntry(`lex-chat:${proxy}`);
  // By itself: tabs that write at the same time overwrite each other, and none must lose its token by that.
  const waiting = createEntry(`lex-chat:${proxy} outbox`);
  return {
    read: () => ({ ...main.read(), ...waiting.read() }),
    write({ outbox, ...others }) {
      if (outbox) waiting.write({ outbox });
      if (Object.keys(others).length > 0) main.write(others);
    },
    clear() {
      main.clear();
      waiting.clear();
    },
  };
}

function createEntry(key: string): Store {
  /** What storage has not taken. */
  let memory: Saved | undefined;
  const read = (): Saved => {
    try {
      return memory ?? (JSON.parse(localStorage.getItem(key) ?? "null") as Saved | null) ?? {};
    } catch {
      return {};
    }
  };
  const keep = (saved: Saved | undefined) => {
    try {
      if (saved) localStorage.setItem(key, JSON.stringify(saved));
      else localStorage.removeItem(key);
      memory = undefined;
    } catch {
      memory = saved;
    }
  };
  return {
    read,
    write: (changes) => keep({ ...read(), ...changes }),
    clear: () => keep(undefined),
  };
}

/** The base URL of the proxy, ending in a slash. Throws when it is none. */
export function toProxyUrl(proxy = ""): string {
  return proxy && new URL(proxy.replace(/\/?$/, "/"), document.baseURI).href;
}
