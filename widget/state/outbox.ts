import type { Store, Waiting } from "../store.ts";
import { UNSURE } from "./failure.ts";
import type { Entry } from "./transcript.ts";

/** What is kept at most, of all tabs: messages, and UTF-16 units of their JSON. */
const MESSAGES = 20;
const ROOM = 64_000;
/** In milliseconds. Tabs are processes: another one may get a lock sooner than what was stored. */
const SETTLING = 1_000;

/**
 * What was typed and is not accepted yet, in the browser's storage. Each message belongs to one tab,
 * which holds a lock on it. Where there are no Web Locks two may send it: the Idempotency-Key sees to it
 * that it arrives once.
 */
export function createOutbox(store: Store, locks = globalThis.navigator?.locks) {
  let kept: readonly Waiting[] = [];
  /** Of the messages that this tab has, or asks for: what gives them up. */
  const releases = new Map<string, () => void>();
  const read = () => store.read().outbox ?? [];

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
    const free = releases.get(key);
    setTimeout(() => free?.(), SETTLING);
    releases.delete(key);
  }

  return {
    /**
     * Keeps those of `entries` that wait, and what waits for other conversations. Writes only what is not
     * kept so already.
     */
    keep(entries: readonly Entry[], conversation: string | undefined): void {
      const before = kept;
      kept = entries.flatMap((entry) => (entry.delivery ? [toWaiting(entry, conversation)] : []));
      if (JSON.stringify(kept) === JSON.stringify(before)) return;
      for (const { key } of kept) hold(key);
      const done = before.filter(
        (waiting) => waiting.conversation === conversation || !waiting.conversation,
      );
      const own = new Set([...done, ...kept].map(({ key }) => key));
      const outbox = [...read().filter(({ key }) => !own.has(key)), ...kept];
      while (outbox.length > MESSAGES || JSON.stringify(outbox).length > ROOM) outbox.pop();
      store.write({ outbox });
      for (const { key } of before) if (!kept.some((waiting) => waiting.key === key)) release(key);
    },

    /** Gives what waits for the conversation that is `current`, as soon as no other tab has it. */
    restore(current: () => string | undefined, onEntry: (entry: Entry) => void): void {
      for (const { key } of read()) {
        hold(key, () => {
          const waiting = read().find((waiting) => waiting.key === key);
          // It may have been sent, or the visitor be elsewhere, in the meantime.
          if (waiting && (waiting.conversation ?? current()) === current())
            onEntry(toEntry(waiting));
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

/** What was on its way when its page was left may have arrived. */
function toEntry({ key, content, created_at, isPosted, problem }: Waiting): Entry {
  return {
    id: key,
    uid: key,
    role: "user",
    content,
    created_at,
    isPosted,
    delivery: problem ? "failed" : "sending",
    failure: problem ?? (isPosted ? UNSURE : undefined),
  };
}
