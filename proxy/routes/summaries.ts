/** One line for each conversation of a visitor: title, state, last message. */
import * as v from "valibot";
import { PlatformError, type PlatformFailure } from "../platforms/platform.ts";
import { MAX_LISTED, type ConversationsResponse, type ConversationSummary } from "../protocol.ts";
import type { Relay } from "../relay/relay.ts";
import type { Handles } from "../visitors/handle.ts";
import type { Visitor } from "../visitors/token.ts";
import type { VisitorIndex } from "../visitors/visitor-index.ts";
import { handleSchema, limitSchema, parseInput } from "./input.ts";
import { shorten } from "./shorten.ts";

const TITLE_CHARACTERS = 80;
const LAST_CHARACTERS = 200;
/** Calls to the platform at the same time, for one list. */
const PARALLEL = 5;
const AWAY: ReadonlySet<PlatformFailure> = new Set(["unavailable", "timeout"]);

const listSchema = v.object({
  ids: v.optional(
    v.pipe(
      v.string("give it once, the handles separated by commas"),
      v.transform((text) => text.split(",").filter((handle) => handle !== "")),
      v.array(handleSchema),
      v.maxLength(MAX_LISTED, `use at most ${MAX_LISTED}`),
    ),
    "",
  ),
  limit: limitSchema(MAX_LISTED),
});

export type SummariesOptions = {
  relay: Relay;
  handles: Handles;
  index: VisitorIndex;
};

/**
 * `count` is told how many conversations are looked at, and rejects when they are too many. Handles that
 * do not verify and conversations that can't be read are left out. Rejects when that is all of them, and
 * the platform is away: an empty list would say that there are none.
 */
export function createSummaries(options: SummariesOptions) {
  const { relay, handles, index } = options;

  async function summary(
    visitor: Visitor,
    id: string,
    failures: PlatformError[],
  ): Promise<ConversationSummary | null> {
    try {
      const { title, lastMessage, state } = await relay.overview(id);
      return {
        conversationId: handles.create(visitor.id, id),
        title: shorten(title ?? lastMessage?.content ?? "", TITLE_CHARACTERS),
        state,
        lastMessage: lastMessage && {
          ...lastMessage,
          content: shorten(lastMessage.content, LAST_CHARACTERS),
        },
      };
    } catch (error) {
      if (error instanceof PlatformError) failures.push(error);
      return null;
    }
  }

  return async function summarize(
    visitor: Visitor,
    query: Record<string, unknown>,
    count: (calls: number) => Promise<void>,
  ): Promise<ConversationsResponse> {
    const { ids, limit = MAX_LISTED } = parseInput(listSchema, query);
    const given = ids.map((handle) => handles.open(visitor.id, handle));
    const known = visitor.identified ? await index.list(visitor.id) : [];
    const wanted = [...new Set([...given, ...known])].filter((id) => id !== null).slice(0, limit);
    await count(Math.max(1, wanted.length));
    const conversations: ConversationSummary[] = [];
    const failures: PlatformError[] = [];
    for (let start = 0; start < wanted.length; start += PARALLEL) {
      const batch = await Promise.all(
        wanted.slice(start, start + PARALLEL).map((id) => summary(visitor, id, failures)),
      );
      conversations.push(...batch.filter((line) => line !== null));
    }
    const away = failures.find(({ failure }) => AWAY.has(failure));
    if (conversations.length === 0 && away) throw away;
    return { conversations };
  };
}
