/** The relay of a fleet: any instance serves any conversation, one of them speaks for it to the platform. */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { ProxyError, shuttingDown } from "../errors.ts";
import type { ConversationStatus } from "../protocol.ts";
import { drain } from "../relay/drain.ts";
import type { RelayOptions } from "../relay/local-relay.ts";
import type { Relay, SendRequest } from "../relay/relay.ts";
import { createRoster } from "../relay/roster.ts";
import { createSender } from "../relay/send.ts";
import { createSharedChannel } from "../relay/shared-channel.ts";
import { RELAY_TIMES } from "../relay/times.ts";
import type { Viewer } from "../relay/viewer.ts";
import { createCalls, type Call } from "./calls.ts";
import type { RedisConnection } from "./connection.ts";
import { FleetConversation } from "./fleet-conversation.ts";
import { createFleetReader } from "./fleet-reader.ts";
import { createFleetSender } from "./fleet-send.ts";
import { RENEW_MS } from "./lease.ts";
import { createNudge } from "./nudge.ts";
import { createRouting } from "./routing.ts";
import { unavailable } from "./unavailable.ts";

const FOLLOW_RETRY_MS = 250;
/** Leases are renewed in so many turns, spread over the time in which each has its own. */
const TURNS = 30;

export type FleetRelayOptions = RelayOptions & { redis: RedisConnection };

export function createFleetRelay(options: FleetRelayOptions): Relay {
  const { redis, platform, hasWebhook } = options;
  // The lease stays ours through the grace time too; log and cuts stay in Redis for the other one.
  const { graceMs, retentionMs, resumeMs } = { ...RELAY_TIMES, ...options.times };
  const expiryRounds = Math.ceil(resumeMs / RENEW_MS);
  const instance = randomBytes(8).toString("hex");
  const roster = createRoster<FleetConversation>({
    create: (id, isNew) => new FleetConversation({ ...options, id, isNew, instance, retentionMs }),
    isUsed: (place) => place.isUsed,
    end(place, retryMs) {
      place.audience.dismiss(retryMs);
      return place.leave();
    },
  });
  let turn = 0;
  let round = 0;
  let closing: Promise<void> | null = null;
  /** All leases are given back: none is taken again. */
  let isOver = false;

  const channel = options.isShared ? createSharedChannel(platform) : null;
  const sendHere = createSender({
    ...options,
    channel,
    open: async (id, isNew) => {
      try {
        return await roster.open(id, isNew).acquire();
      } catch (error) {
        // Nothing was sent yet.
        throw error instanceof ProxyError ? error : unavailable(error);
      }
    },
    forget: (id) => void roster.forget(id),
    isClosing: () => closing !== null,
  });
  const calls = createCalls({ redis, instance, handle: carryOut, logger: options.logger });
  const ask = createRouting({ redis, calls, isClosing: () => closing !== null });
  const send = createFleetSender({ redis, open: roster.open, ask, sendHere, channel });

  /** What another instance asks of this one, which it takes for the holder. */
  async function carryOut({ method, conversationId, params }: Call): Promise<unknown> {
    const conversation = roster.find(conversationId)?.held;
    // Given up in this moment: the caller asks again, whoever has it then.
    if (!conversation) throw shuttingDown();
    switch (method) {
      case "prepare":
        await conversation.prepare();
        return conversation.lastMessageId;
      case "send":
        return sendHere(params as SendRequest);
      case "stop":
        return conversation.stop();
      case "nudge":
        return conversation.nudge((params as ConversationStatus | null) ?? undefined);
      default:
        throw new Error(`another instance asks for ${method}`);
    }
  }

  /** A viewer that comes while Redis is away waits for it: its stream is open, and kept alive. */
  async function follow(place: FleetConversation, viewer: Viewer): Promise<void> {
    while (!place.isReady && !viewer.isClosed()) {
      if (redis.isUp()) await place.acquire().catch(() => undefined);
      if (!place.isReady) await wait(FOLLOW_RETRY_MS);
    }
  }

  /** One turn's share of all conversations: thousands of renewals at once would hold up what streams. */
  function sweep(): void {
    const now = performance.now();
    turn = (turn + 1) % TURNS;
    if (turn === 0) round = (round + 1) % expiryRounds;
    for (const entry of roster.entries()) {
      const { item: place } = entry;
      if (entry.order % TURNS !== turn) continue;
      if (round === 0) place.expire();
      const isWatched = !place.audience.isEmpty() || place.isWatchedElsewhere;
      const needsStream = place.held?.isBusy === true || (!hasWebhook && isWatched);
      if (place.isUsed || (place.held && isWatched)) entry.usedAt = now;
      if (needsStream) entry.streamUsedAt = now;
      if (needsStream) place.held?.subscribe();
      else if (now - entry.streamUsedAt > graceMs) place.held?.unsubscribe();
      if (now - entry.usedAt > graceMs) void roster.forget(entry.id);
      else if (redis.isUp()) place.renew().catch(() => undefined);
    }
  }

  const sweeper = setInterval(sweep, RENEW_MS / TURNS);
  sweeper.unref();
  const ends = [
    redis.onDown(() => {
      for (const { item } of roster.entries()) item.onAway();
    }),
    redis.onUp(() => {
      for (const { item } of roster.entries()) item.renew().catch(() => undefined);
    }),
  ];

  return {
    async send(request, onAttempt) {
      if (closing) throw shuttingDown();
      return send(request, onAttempt);
    },

    async attach(conversationId, viewer, lastEventId) {
      if (closing) throw shuttingDown();
      const place = roster.open(conversationId);
      if (viewer.isClosed()) return;
      // From now on the holder, wherever it is, is told that somebody watches.
      place.audience.expect(viewer);
      await follow(place, viewer);
      const conversation = await place.acquire().catch(() => null);
      if (viewer.isClosed()) return;
      if (!hasWebhook) conversation?.subscribe();
      await place.audience.admit(viewer, lastEventId);
    },

    async stop(conversationId) {
      if (isOver) throw shuttingDown();
      return ask(
        roster.open(conversationId),
        async (conversation) => conversation.stop(),
        async (call) => (await call("stop")) === true,
      );
    },

    ...createFleetReader({ redis, platform, find: roster.find }),

    nudge: createNudge({
      redis,
      platform,
      instance,
      calls,
      find: (id) => roster.find(id)?.held ?? null,
    }),

    counts() {
      const places = [...roster.entries()].map(({ item }) => item);
      return {
        conversations: places.length,
        subscriptions: places.filter(({ held }) => held?.isSubscribed).length,
        viewers: places.reduce((sum, { audience }) => sum + audience.size(), 0),
      };
    },

    close(deadlineMs) {
      closing ??= drain({
        deadlineMs,
        ids: roster.ids,
        isBusy: (id) => roster.find(id)?.isBusy === true,
        // Its viewers go on at another instance at once; the answer is read to its end here.
        onBusy: (id, retryMs) => roster.find(id)?.audience.dismiss(retryMs),
        end: roster.forget,
      }).finally(() => {
        isOver = true;
        clearInterval(sweeper);
        for (const end of ends) end();
        calls.close();
      });
      return closing;
    },
  };
}
