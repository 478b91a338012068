import type { ConversationEvent } from "../../proxy/protocol.ts";
import type { follow, FollowOptions, Listener } from "../transport/follow.ts";
import { distance } from "./distance.ts";
import { createElection } from "./election.ts";

/** In milliseconds: two of the comments that the proxy sends every 15 s at least. */
const SILENCE = 30_000;
/** In milliseconds: how often a leader without a line says so, and a follower looks at the time. */
const PULSE = 5_000;
/** In milliseconds: within this a leader answers, unless its page sleeps. */
const ANSWER = 2_500;

export type ShareOptions = Pick<FollowOptions, "connect" | "listener" | "signal"> & {
  /** Of the conversation, among all that tabs of this origin follow. */
  name: string;
  page?: Pick<Document, "visibilityState" | "addEventListener">;
  silence?: number;
  pulse?: number;
  answer?: number;
};

/** From the leader to the others; null asks it to say how its line is. Tabs may run different versions. */
type News =
  | { event: ConversationEvent; id: string }
  | { state: "live" | "lost" | undefined; lastId?: string | undefined }
  | null;

/**
 * Follows a conversation as `stream` does, by one connection for all tabs: the leader's, who tells the
 * others of every event. Each keeps its own last id, and goes on from there when it is the next leader.
 *
 * Whoever follows begins with a snapshot by a short connection of its own. Asked for when the channel
 * is open already, it holds all that the leader told before; so the connection is closed as soon as it
 * has caught up with what was told since. Ids count up by one: what is missing shows, and what comes
 * twice too.
 */
export async function share(stream: typeof follow, options: ShareOptions): Promise<void> {
  const { connect, listener, page = document } = options;
  const { silence = SILENCE, pulse = PULSE, answer = ANSWER } = options;
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const failure = Promise.withResolvers<never>();
  const name = `lex-chat:${options.name}`;
  const channel = new BroadcastChannel(name);
  const election = createElection({ name, lead, obey, signal });
  let isLeader = false;
  /** Another tab was heard of. To tell nobody costs as much as to tell somebody. */
  let hasCompany = false;
  /** The leader was asked, and has not told anything since. */
  let isAsking = false;
  let line: "live" | "lost" | undefined;
  /** When the leader told something: this tab, or another. */
  let toldAt = 0;
  let lastId: string | undefined;
  /** The last that was told since this tab has begun to join. */
  let toldId: string | undefined;
  let joining: AbortController | undefined;

  function take(event: ConversationEvent, id: string): "gap" | undefined {
    const gap = listener.onEvent(event, id);
    lastId = gap ? undefined : id || lastId;
    return gap;
  }

  function tell(news: News): void {
    toldAt = Date.now();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows
    if (hasCompany) channel.postMessage(news);
  }

  async function lead(turn: AbortSignal): Promise<void> {
    endJoining();
    isLeader = true;
    line = undefined;
    const teller: Listener = {
      onEvent(event, id) {
        if (turn.aborted) return undefined;
        tell({ event, id });
        return take(event, id);
      },
      onConnection(state) {
        if (state !== line || Date.now() - toldAt > pulse) tell({ state });
        line = state;
        listener.onConnection(state);
      },
    };
    await stream({ connect, listener: teller, signal: turn, lastEventId: lastId });
  }

  function obey(): void {
    isLeader = false;
    hasCompany = true;
    toldAt = Date.now();
    join();
    ask();
  }

  function join(): void {
    if (joining) return;
    joining = new AbortController();
    lastId = toldId = undefined;
    const joiner: Listener = {
      onEvent(event, id) {
        const gap = take(event, id);
        if (lastId && (!toldId || distance(toldId, lastId) <= 0)) endJoining();
        return gap;
      },
      onConnection: (state) => listener.onConnection(state),
    };
    const until = AbortSignal.any([signal, joining.signal]);
    stream({ connect, listener: joiner, signal: until }).catch(failure.reject);
  }

  function endJoining(): void {
    joining?.abort();
    joining = undefined;
  }

  function hear(news: News): void {
    hasCompany = true;
    if (isLeader) return news ? undefined : tell({ state: line, lastId });
    if (!news) return;
    toldAt = Date.now();
    isAsking = false;
    if ("state" in news) {
      // What came while the leader believed to be alone was not told.
      toldId = news.lastId ?? toldId;
      if (distance(news.lastId ?? "", lastId) > 0) join();
      return news.state && listener.onConnection(news.state);
    }
    const { event, id } = news;
    const ahead = distance(id, lastId);
    toldId = id || toldId;
    const isNext = !id || ahead === 1 || event.event === "conversation:init";
    if (!(ahead <= 0) && (!isNext || take(event, id))) join();
    // Nothing is missing: also when the joining knew the proxy before its restart, or after.
    else if (id) endJoining();
  }

  /** Phones let pages sleep that nobody looks at, the leader's too. */
  function ask(): void {
    isAsking = true;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows
    channel.postMessage(null);
    setTimeout(() => isAsking && depose(), answer);
  }

  /** The leader is silent. Who leads does not matter to a tab that nobody looks at. */
  function depose(): void {
    if (!isLeader && page.visibilityState === "visible") election.depose();
  }

  const timer = setInterval(() => {
    if (isLeader && line !== "live") tell({ state: line });
    if (Date.now() - toldAt > silence) depose();
  }, pulse);
  channel.addEventListener("message", ({ data }: MessageEvent<News>) => hear(data));
  page.addEventListener("visibilitychange", ask, { signal });
  try {
    await Promise.race([election.run(), failure.promise]);
  } finally {
    clearInterval(timer);
    ending.abort();
    channel.close();
  }
}
