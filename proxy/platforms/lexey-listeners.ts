/** Who follows which conversation in this process: what an answer tells goes to all of them. */
import type { PlatformEvent, StreamHandlers } from "./platform.ts";

export type Listeners = {
  /** Resolves when `signal` aborts; rejects when the answer breaks off. */
  listen: (conversationId: string, handlers: StreamHandlers, signal: AbortSignal) => Promise<void>;
  tell: (conversationId: string, event: PlatformEvent) => void;
  /** Bytes of the answer arrived. */
  stir: (conversationId: string) => void;
  /** What follows can't be told: every listener ends with this error. */
  fail: (conversationId: string, error: Error) => void;
};

type Listener = { handlers: StreamHandlers; reject: (error: Error) => void };

export function createListeners(): Listeners {
  const all = new Map<string, Set<Listener>>();
  const of = (conversationId: string): Listener[] => [...(all.get(conversationId) ?? [])];

  return {
    async listen(conversationId, handlers, signal) {
      if (signal.aborted) return;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const listener: Listener = { handlers, reject };
      const listeners = all.get(conversationId) ?? new Set();
      all.set(conversationId, listeners.add(listener));
      signal.addEventListener("abort", () => resolve(), { once: true });
      try {
        await promise;
      } finally {
        listeners.delete(listener);
        if (listeners.size === 0) all.delete(conversationId);
      }
    },

    tell(conversationId, event) {
      for (const { handlers } of of(conversationId)) handlers.onEvent(event);
    },
    stir(conversationId) {
      for (const { handlers } of of(conversationId)) handlers.onActivity();
    },
    fail(conversationId, error) {
      for (const { reject } of of(conversationId)) reject(error);
    },
  };
}
