/** All conversations that are being watched: opened on first need, closed when nobody needs them. */
import type { Logger } from "pino";
import { ProxyError } from "../errors.ts";
import type { Platform } from "../platforms/platform.ts";
import { Conversation } from "./conversation.ts";
import { createMemoryLog } from "./memory-log.ts";

/** The platform's stream stays open this long after the last viewer left and the last answer ended. */
const GRACE_MS = 30_000;
/** The event log stays this much longer, for viewers that resume. */
const RETENTION_MS = 10 * 60_000;
const SWEEP_MS = 5000;
const MAX_CONVERSATIONS = 20_000;

export type RelayOptions = {
  platform: Platform;
  coalesceMs: number;
  padding: boolean;
  toolDetails: boolean;
  logger: Logger;
  graceMs?: number;
  retentionMs?: number;
};

export type Relay = {
  /** The conversation of this platform id, opened when it is not watched yet. */
  open: (conversationId: string, options?: { isNew: boolean }) => Conversation;
  /** The same, but undefined when nobody watches it. */
  peek: (conversationId: string) => Conversation | undefined;
  forget: (conversationId: string) => void;
  counts: () => { conversations: number; subscriptions: number; viewers: number };
  /** Ends all viewers, each with its own time to come back, and all platform streams. */
  close: () => void;
};

export function createRelay(options: RelayOptions): Relay {
  const { graceMs = GRACE_MS, retentionMs = RETENTION_MS, ...shared } = options;
  const conversations = new Map<string, Conversation>();
  let closed = false;

  function forget(conversationId: string): void {
    conversations.get(conversationId)?.close();
    conversations.delete(conversationId);
  }

  function sweep(): void {
    for (const conversation of conversations.values()) {
      const idleMs = conversation.idleFor();
      if (idleMs > graceMs) conversation.unsubscribe();
      if (idleMs > graceMs + retentionMs) forget(conversation.id);
    }
  }

  function makeRoom(): void {
    if (conversations.size < MAX_CONVERSATIONS) return;
    const idle = [...conversations.values()].find((conversation) => conversation.idleFor() > 0);
    if (!idle) throw new ProxyError("too_many_streams", { retryAfter: 30 });
    forget(idle.id);
  }

  const sweeper = setInterval(sweep, Math.min(SWEEP_MS, graceMs));
  sweeper.unref();

  return {
    open(conversationId, { isNew } = { isNew: false }) {
      if (closed) throw new ProxyError("shutting_down", { retryAfter: 2 });
      const known = conversations.get(conversationId);
      if (known) return known;
      makeRoom();
      const log = createMemoryLog({ padding: options.padding });
      const conversation = new Conversation({ ...shared, id: conversationId, isNew, log });
      conversations.set(conversationId, conversation);
      return conversation;
    },

    peek: (conversationId) => conversations.get(conversationId),
    forget,

    counts() {
      const all = [...conversations.values()];
      return {
        conversations: all.length,
        subscriptions: all.filter((conversation) => conversation.isSubscribed).length,
        viewers: all.reduce((sum, conversation) => sum + conversation.viewers, 0),
      };
    },

    close() {
      closed = true;
      clearInterval(sweeper);
      // Spread out, so that all viewers don't come back in the same moment.
      for (const conversation of conversations.values())
        conversation.close(() => 500 + Math.random() * 3000);
      conversations.clear();
    },
  };
}
