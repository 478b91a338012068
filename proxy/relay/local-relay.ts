/** The relay of one process: all conversations that are in use here, their logs in memory. */
import { ProxyError } from "../errors.ts";
import { createAudience, type Audience } from "./audience.ts";
import { Conversation, type ConversationOptions } from "./conversation.ts";
import { drain } from "./drain.ts";
import { createMemoryLog } from "./memory-log.ts";
import type { Relay } from "./relay.ts";
import { createSender } from "./send.ts";
import { RELAY_TIMES } from "./times.ts";

const SWEEP_MS = 5000;
const MAX_CONVERSATIONS = 20_000;

export type RelayOptions = Omit<ConversationOptions, "id" | "isNew" | "publish"> & {
  padding: boolean;
  /** All visitors share the platform's default channel. */
  isShared: boolean;
  /** The platform tells by webhook what happens while nothing is answered: no stream is needed then. */
  hasWebhook: boolean;
  /** Milliseconds that a message waits while the platform is busy. Defaults to 30 000. */
  holdMs?: number;
};

type Entry = {
  conversation: Conversation;
  audience: Audience;
  /** Milliseconds since 1970 at which somebody last needed it, and its stream. */
  usedAt: number;
  streamUsedAt: number;
};

export function createLocalRelay(options: RelayOptions): Relay {
  const { platform, hasWebhook } = options;
  const { graceMs, retentionMs } = { ...RELAY_TIMES, ...options.times };
  const entries = new Map<string, Entry>();
  let closing: Promise<void> | null = null;

  const send = createSender({
    ...options,
    open: async (id, isNew) => open(id, isNew).conversation,
    forget: (id) => forget(id),
    isClosing: () => closing !== null,
  });

  function open(id: string, isNew = false): Entry {
    const known = entries.get(id);
    if (known) return touch(known);
    makeRoom();
    const entry = createEntry(id, isNew);
    entries.set(id, entry);
    return entry;
  }

  function createEntry(id: string, isNew: boolean): Entry {
    const log = createMemoryLog({ padding: options.padding });
    const conversation = new Conversation({
      ...options,
      id,
      isNew,
      publish: (event) => audience.show(log.append(event)),
    });
    const audience = createAudience({
      log,
      readSnapshot: () => conversation.snapshot(),
      onLeave: () => touch(entry),
      ...(options.observer && { observer: options.observer }),
    });
    const entry: Entry = touch({ conversation, audience, usedAt: 0, streamUsedAt: 0 });
    return entry;
  }

  function touch(entry: Entry): Entry {
    entry.usedAt = Date.now();
    entry.streamUsedAt = Date.now();
    return entry;
  }

  function makeRoom(): void {
    if (entries.size < MAX_CONVERSATIONS) return;
    const unused = [...entries.values()].find(
      ({ conversation, audience }) => !conversation.isBusy && audience.isEmpty(),
    );
    if (!unused) throw new ProxyError("too_many_streams", { retryAfter: 30 });
    forget(unused.conversation.id);
  }

  function forget(id: string, retryMs?: () => number): void {
    const entry = entries.get(id);
    entries.delete(id);
    entry?.conversation.close();
    entry?.audience.dismiss(retryMs);
  }

  function sweep(): void {
    const now = Date.now();
    for (const entry of entries.values()) {
      const { conversation, audience } = entry;
      const { isBusy } = conversation;
      if (isBusy || !audience.isEmpty()) entry.usedAt = now;
      if (isBusy || (!hasWebhook && !audience.isEmpty())) entry.streamUsedAt = now;
      if (now - entry.streamUsedAt > graceMs) conversation.unsubscribe();
      if (now - entry.usedAt > graceMs + retentionMs) forget(conversation.id);
    }
  }

  const sweeper = setInterval(sweep, Math.min(SWEEP_MS, graceMs));
  sweeper.unref();

  return {
    send,

    async attach(conversationId, viewer, lastEventId) {
      if (closing) throw new ProxyError("shutting_down", { retryAfter: 2 });
      const { conversation, audience } = open(conversationId);
      if (viewer.isClosed()) return;
      if (!hasWebhook) conversation.subscribe();
      await audience.admit(viewer, lastEventId);
    },

    stop: async (conversationId) => entries.get(conversationId)?.conversation.stop() ?? false,

    page(conversationId, query) {
      const known = entries.get(conversationId);
      return known ? known.conversation.page(query) : platform.messages(conversationId, query);
    },

    async state(conversationId) {
      const known = entries.get(conversationId)?.conversation;
      return known?.isSubscribed ? known.state : platform.state(conversationId);
    },

    async overview(conversationId) {
      const known = entries.get(conversationId)?.conversation;
      const [{ title, lastMessage: last }, state] = await Promise.all([
        platform.overview(conversationId),
        known?.isSubscribed ? known.state : platform.state(conversationId),
      ]);
      const [lastMessage = null] = last && known ? known.visible([last]) : [last];
      return { title, lastMessage, state };
    },

    async nudge(conversationId) {
      const known = entries.get(conversationId);
      // What the webhook says is not trusted, only that something happened: a repeat changes nothing.
      void known?.conversation.reconcile();
      return known !== undefined;
    },

    counts() {
      const all = [...entries.values()];
      return {
        conversations: all.length,
        subscriptions: all.filter(({ conversation }) => conversation.isSubscribed).length,
        viewers: all.reduce((sum, { audience }) => sum + audience.size(), 0),
      };
    },

    close(deadlineMs) {
      closing ??= drain({
        deadlineMs,
        ids: () => [...entries.keys()],
        isBusy: (id) => entries.get(id)?.conversation.isBusy === true,
        end: forget,
      }).finally(() => clearInterval(sweeper));
      return closing;
    },
  };
}
