/** The relay of one process: all conversations that are in use here, their logs in memory. */
import { shuttingDown } from "../errors.ts";
import { createAudience, type Audience } from "./audience.ts";
import { Conversation, type ConversationOptions } from "./conversation.ts";
import { drain } from "./drain.ts";
import type { EventLog } from "./event-log.ts";
import { EMPTY_FOLD } from "./fold.ts";
import { createMemoryLog } from "./memory-log.ts";
import type { Relay } from "./relay.ts";
import { createRoster } from "./roster.ts";
import { createSender } from "./send.ts";
import { createSharedChannel } from "./shared-channel.ts";
import { createStatuses } from "./statuses.ts";
import { RELAY_TIMES } from "./times.ts";

const SWEEP_MS = 5000;

export type RelayOptions = Omit<ConversationOptions, "id" | "isNew" | "publish" | "lastId"> & {
  padding: boolean;
  /** All visitors share the platform's default channel. */
  isShared: boolean;
  /** The platform tells by webhook what happens while nothing is answered: no stream is needed then. */
  hasWebhook: boolean;
  /** Milliseconds that a message waits while the platform is busy. Defaults to 30 000. */
  holdMs?: number;
};

type Watched = { conversation: Conversation; audience: Audience; log: EventLog };

export function createLocalRelay(options: RelayOptions): Relay {
  const { platform, hasWebhook } = options;
  const { graceMs, retentionMs, resumeMs } = { ...RELAY_TIMES, ...options.times };
  const statuses = createStatuses();
  const roster = createRoster<Watched>({
    create,
    isUsed: ({ conversation, audience }) => conversation.isBusy || !audience.isEmpty(),
    end({ conversation, audience }, retryMs) {
      conversation.close();
      audience.dismiss(retryMs);
    },
  });
  const sweepMs = Math.min(SWEEP_MS, graceMs);
  /** Logs expire in so many turns: all at once would hold up what streams. */
  const turns = Math.ceil(resumeMs / sweepMs);
  let turn = 0;
  let closing: Promise<void> | null = null;

  const send = createSender({
    ...options,
    channel: options.isShared ? createSharedChannel(platform) : null,
    open: async (id, isNew) => roster.open(id, isNew).conversation,
    forget: (id) => void roster.forget(id),
    isClosing: () => closing !== null,
  });

  function create(id: string, isNew: boolean): Watched {
    const log = createMemoryLog({ padding: options.padding });
    const conversation = new Conversation({
      ...options,
      id,
      isNew,
      folded: { ...EMPTY_FOLD, status: statuses.get(id) },
      publish(event) {
        if (event.event === "conversation:status") statuses.set(id, event.data.status);
        audience.show(log.append(event));
      },
      lastId: log.lastId,
    });
    const audience = createAudience({
      log,
      readSnapshot: () => conversation.snapshot(),
      onLeave: () => roster.touch(id),
      ...(options.observer && { observer: options.observer }),
    });
    return { conversation, audience, log };
  }

  function sweep(): void {
    const now = performance.now();
    turn = (turn + 1) % turns;
    for (const entry of roster.entries()) {
      const { conversation, audience, log } = entry.item;
      if (entry.order % turns === turn) log.expire();
      const { isBusy } = conversation;
      if (isBusy || !audience.isEmpty()) entry.usedAt = now;
      if (isBusy || (!hasWebhook && !audience.isEmpty())) entry.streamUsedAt = now;
      if (now - entry.streamUsedAt > graceMs) conversation.unsubscribe();
      if (now - entry.usedAt > graceMs + retentionMs) void roster.forget(entry.id);
    }
  }

  const sweeper = setInterval(sweep, sweepMs);
  sweeper.unref();

  return {
    send,

    async attach(conversationId, viewer, lastEventId) {
      if (closing) throw shuttingDown();
      const { conversation, audience } = roster.open(conversationId);
      if (viewer.isClosed()) return;
      if (!hasWebhook) conversation.subscribe();
      await audience.admit(viewer, lastEventId);
    },

    stop: async (conversationId) => roster.find(conversationId)?.conversation.stop() ?? false,

    page(conversationId, query) {
      const known = roster.find(conversationId);
      return known ? known.conversation.page(query) : platform.messages(conversationId, query);
    },

    async state(conversationId) {
      const known = roster.find(conversationId)?.conversation;
      return known?.isSubscribed ? known.state : platform.state(conversationId);
    },

    async overview(conversationId) {
      const known = roster.find(conversationId)?.conversation;
      const overview = await platform.overview(conversationId);
      const { lastMessage: last } = overview;
      const [lastMessage = null] = last && known ? known.visible([last]) : [last];
      const state = known?.isSubscribed ? known.state : overview.state;
      return { ...overview, lastMessage, state };
    },

    status: async (conversationId) =>
      roster.find(conversationId)?.conversation.status ?? statuses.get(conversationId),

    async nudge(conversationId, status) {
      const known = roster.find(conversationId);
      if (status) statuses.set(conversationId, status);
      known?.conversation.nudge(status);
      return known !== undefined;
    },

    counts() {
      const all = [...roster.entries()].map(({ item }) => item);
      return {
        conversations: all.length,
        subscriptions: all.filter(({ conversation }) => conversation.isSubscribed).length,
        viewers: all.reduce((sum, { audience }) => sum + audience.size(), 0),
      };
    },

    close(deadlineMs) {
      closing ??= drain({
        deadlineMs,
        ids: roster.ids,
        isBusy: (id) => roster.find(id)?.conversation.isBusy === true,
        end: roster.forget,
      }).finally(() => clearInterval(sweeper));
      return closing;
    },
  };
}
