/** Reads a conversation for whoever asks: of its holder when that is here, of its log, else of the platform. */
import type { Platform } from "../platforms/platform.ts";
import type { Relay } from "../relay/relay.ts";
import { applyCuts } from "../relay/snapshot.ts";
import type { ConversationState } from "../protocol.ts";
import type { RedisConnection } from "./connection.ts";
import { createConversationKeys, type ConversationKeys } from "./conversation-keys.ts";
import type { FleetConversation } from "./fleet-conversation.ts";
import { readCuts } from "./log.ts";
import { readStatus } from "./status.ts";

export type FleetReaderOptions = {
  redis: RedisConnection;
  platform: Platform;
  find: (conversationId: string) => FleetConversation | undefined;
};

/** Opens nothing, and takes no lease. */
export function createFleetReader({
  redis,
  platform,
  find,
}: FleetReaderOptions): Pick<Relay, "page" | "state" | "status" | "overview"> {
  const keysOf = (id: string): ConversationKeys => createConversationKeys(redis, platform.name, id);
  const cutsOf = (id: string): Promise<Map<string, number>> =>
    // History without the cuts is better than none.
    readCuts(redis, keysOf(id)).catch(() => new Map());

  /** Null when only the platform knows. */
  function stateHere(id: string): ConversationState | null {
    const place = find(id);
    if (place?.held?.isSubscribed) return place.held.state;
    return place?.isFollowing ? place.folded.state : null;
  }

  return {
    state: async (id) => stateHere(id) ?? platform.state(id),

    async status(id) {
      const place = find(id);
      const known = place?.held?.status ?? (await readStatus(redis, keysOf(id)));
      return known ?? place?.folded.status ?? "active";
    },

    async page(id, query) {
      const held = find(id)?.held;
      if (held) return held.page(query);
      const page = await platform.messages(id, query);
      return { ...page, messages: applyCuts(await cutsOf(id), page.messages) };
    },

    async overview(id) {
      const [overview, cuts] = await Promise.all([platform.overview(id), cutsOf(id)]);
      const { lastMessage: last } = overview;
      const [lastMessage = null] = last ? applyCuts(cuts, [last]) : [];
      return { ...overview, lastMessage, state: stateHere(id) ?? overview.state };
    },
  };
}
