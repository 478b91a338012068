import type { Waiting, WaitingStore } from "../waiting.ts";
import type { Entry } from "./transcript.ts";

/** In milliseconds. Tabs are processes: another one may get a lock sooner than what was stored. */
const SETTLING = 1_000;

/**
 * What was typed and is not accepted yet, in the browser's storage. Each message belongs to one tab,
 * which holds a lock on it. Where there are no Web Locks two may send it: the Idempotency-Key sees to it
 * that it arrives once.
 */
export function createOutbox(store: WaitingStore, locks = globalThis.navigator?.locks) {
  /** The messages of this tab, as they are kept. */
  const kept = new Map<string, Waiting>();
  /** Of the messages that this tab has, or asks for: what gives them up. */
  const releases = new Map<string, () => void>();

  /** Calls `onHeld` when no other tab has the message. */
  function hold(key: string, onHeld?: () => void): void {
    if (releases.has(key)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    releases.set(key, resolve);
    const start = () => {
      onHeld?.();
      return promise;
    };
    // A sandboxed page has locks, and may not use them.
    if (locks) locks.request(`lex-chat:${key}`, start).catch(start);
    else void start();
  }

  function release(key: string): void {
    const resolve = releases.get(key);
    if (resolve) setTimeout(resolve, SETTLING);
    releases.delete(key);
  }

  return {
    /** Keeps those of `entries` that wait, and what waits for other conversations. */
    keep(entries: readonly Entry[], conversation: string | undefined): void {
      const waiting = entries.filter(({ delivery }) => delivery);
      for (const entry of waiting) {
        const next = toWaiting(entry, conversation);
        const last = kept.get(next.key);
        if (JSON.stringify(next) === JSON.stringify(last)) continue;
        kept.set(next.key, next);
        hold(next.key);
        store.put(next);
      }
      for (const [key, last] of kept) {
        if (waiting.some(({ uid }) => uid === key)) continue;
        kept.delete(key);
        if (!last.conversation || last.conversation === conversation) store.remove(key);
        release(key);
      }
    },

    /** Gives what waits for the conversation that is `current`, as soon as no other tab has it. */
    restore(current: () => string | undefined, onWaiting: (waiting: Waiting) => void): void {
      for (const { key } of store.list()) {
        hold(key, () => {
          const waiting = store.list().find((waiting) => waiting.key === key);
          // It may have been sent, or the visitor be elsewhere, in the meantime.
          if (waiting && (waiting.conversation ?? current()) === current()) onWaiting(waiting);
          else release(key);
        });
      }
    },

    /** Other tabs may send what waits here. */
    dispose(): void {
      for (const key of releases.keys()) release(key);
    },
  };
}

function toWaiting(entry: Entry, conversation: string | undefined): Waiting {
  const { uid, content, created_at, isPosted, delivery, failure } = entry;
  const problem = delivery === "failed" ? failure : undefined;
  return { key: uid, content, created_at, conversation, isPosted, problem };
}
