/** The conversations that are in use in this process: opened on need, ended when room is needed or nobody does. */
import { ProxyError } from "../errors.ts";

const MAX_CONVERSATIONS = 20_000;
const RETRY_AFTER_SECONDS = 30;

export type Entry<Item> = {
  readonly id: string;
  readonly item: Item;
  /** How many were opened before it. */
  readonly order: number;
  /** When somebody last needed it, and its stream, as of `performance.now()`. */
  usedAt: number;
  streamUsedAt: number;
};

export type RosterOptions<Item> = {
  create: (id: string, isNew: boolean) => Item;
  /** Then it does not make room for another one. */
  isUsed: (item: Item) => boolean;
  /** `retryMs` gives each of its viewers the time after which to come back. */
  end: (item: Item, retryMs?: () => number) => void | Promise<void>;
  /** Defaults to 20 000. */
  maxItems?: number;
};

export type Roster<Item> = {
  /** It is needed now. Throws `too_many_streams` when all that there is room for are in use. */
  open: (id: string, isNew?: boolean) => Item;
  find: (id: string) => Item | undefined;
  /** It was needed until now. */
  touch: (id: string) => void;
  forget: (id: string, retryMs?: () => number) => void | Promise<void>;
  ids: () => string[];
  /** The first opened first; entries may be forgotten meanwhile. */
  entries: () => Iterable<Entry<Item>>;
};

export function createRoster<Item>(options: RosterOptions<Item>): Roster<Item> {
  const { create, isUsed, end, maxItems = MAX_CONVERSATIONS } = options;
  const entries = new Map<string, Entry<Item>>();
  let opened = 0;

  function add(id: string, isNew: boolean): Entry<Item> {
    if (entries.size >= maxItems) makeRoom();
    const now = performance.now();
    const entry: Entry<Item> = {
      id,
      item: create(id, isNew),
      order: opened,
      usedAt: now,
      streamUsedAt: now,
    };
    opened += 1;
    entries.set(id, entry);
    return entry;
  }

  function touch(entry: Entry<Item> | undefined): void {
    if (entry) entry.usedAt = entry.streamUsedAt = performance.now();
  }

  function makeRoom(): void {
    for (const { id, item } of entries.values()) if (!isUsed(item)) return void forget(id);
    throw new ProxyError("too_many_streams", { retryAfter: RETRY_AFTER_SECONDS });
  }

  function forget(id: string, retryMs?: () => number): void | Promise<void> {
    const entry = entries.get(id);
    entries.delete(id);
    return entry && end(entry.item, retryMs);
  }

  return {
    open(id, isNew = false) {
      const entry = entries.get(id) ?? add(id, isNew);
      touch(entry);
      return entry.item;
    },
    find: (id) => entries.get(id)?.item,
    touch: (id) => touch(entries.get(id)),
    forget,
    ids: () => [...entries.keys()],
    entries: () => entries.values(),
  };
}
