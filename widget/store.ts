import { createWaitingStore, type WaitingStore } from "./waiting.ts";

/** What the browser remembers of a visitor, for one proxy. */
export type Saved = {
  token?: string | undefined;
  /** When the token was issued, in milliseconds since 1970. */
  issuedAt?: number | undefined;
  /** The handle of the last conversation. */
  conversation?: string | undefined;
  /** The id of the last message that was on the screen. */
  lastRead?: string | undefined;
  /** Where answers were stopped, the newest last: handle and message id, UTF-16 units shown. */
  cuts?: readonly (readonly [string, number])[] | undefined;
  /** The visitor's conversations, the last one first: handle, id of the last message that was on the screen. */
  conversations?: readonly (readonly [handle: string, lastRead: string])[] | undefined;
  /** The visitor has agreed to what the page's `consent` says. */
  hasConsented?: boolean | undefined;
  /** What is in the composer. */
  draftText?: string | undefined;
};

export type Store = {
  /** False: from now on nothing is left in the browser, and all of it lives as long as the page. */
  isKept: boolean;
  read(): Saved;
  /** Merges; `undefined` forgets a field. */
  write(changes: Saved): void;
  /** Messages that are not sent yet. */
  waiting: WaitingStore;
  /** Forgets all, and leaves nothing in the browser. */
  clear(): void;
};

/**
 * Keeps `Saved` in local storage, for each proxy, and beside it what waits to be sent. Where storage is
 * refused (a blocked third party, a full disk) it lives as long as the page.
 */
export function createStore(proxy: string): Store {
  const key = toKey(proxy);
  /** What storage has not taken. */
  let memory: Saved | undefined;
  const read = (): Saved => {
    try {
      return memory ?? (store.isKept ? readSaved(proxy) : {});
    } catch {
      return {};
    }
  };
  const keep = (saved: Saved | undefined) => {
    try {
      if (!store.isKept) throw new Error();
      const json = JSON.stringify(saved ?? {});
      if (json === "{}") localStorage.removeItem(key);
      else localStorage.setItem(key, json);
      memory = undefined;
    } catch {
      memory = saved;
    }
  };
  const store: Store = {
    isKept: true,
    read,
    write: (changes) => keep({ ...read(), ...changes }),
    waiting: createWaitingStore(key, () => store.isKept),
    clear() {
      keep(undefined);
      store.waiting.clear();
    },
  };
  return store;
}

/** The name of what is kept for a proxy. */
export const toKey = (proxy: string): string => `lex-chat:${proxy}`;

/** What storage has. Throws where that is refused. */
export const readSaved = (proxy: string): Saved =>
  JSON.parse(localStorage.getItem(toKey(proxy)) ?? "{}") as Saved;

/** The base URL of the proxy, ending in a slash. Throws when it is none. */
export function toProxyUrl(proxy = ""): string {
  return proxy && new URL(proxy.replace(/\/?$/, "/"), document.baseURI).href;
}
