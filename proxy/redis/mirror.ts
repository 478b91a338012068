/** A conversation's log in Redis, kept up with here: what viewers of this instance are shown, and from what. */
import type { LoggedEvent, ReadableLog } from "../relay/event-log.ts";
import { EMPTY_FOLD, foldEvent, type Folded } from "../relay/fold.ts";
import { createLogWindow } from "../relay/log-window.ts";
import { encodeEvent } from "../relay/sse.ts";
import type { ConversationEvent } from "../protocol.ts";
import type { RedisConnection } from "./connection.ts";
import type { ConversationKeys } from "./conversation-keys.ts";
import { readEvents, type LogPosition, type LogRead } from "./log.ts";

export type MirrorOptions = {
  redis: RedisConnection;
  keys: ConversationKeys;
  padding: boolean;
  onEvent: (logged: LoggedEvent) => void;
  /** Events were missed that Redis no longer has: viewers need a snapshot. */
  onGap: () => void;
};

export type Mirror = ReadableLog & {
  /** False until it has been read once. */
  isReady: () => boolean;
  isEmpty: () => boolean;
  folded: () => Folded;
  /** Reads what is new. Calls at the same time share the work. Rejects while Redis is away. */
  pull: () => Promise<void>;
  /** The same, unless it is there already. */
  reach: (position: LogPosition | null) => Promise<void>;
  /** Forgets what was there at the call before; Redis keeps it. */
  expire: () => void;
  /** Something was appended there. `event` is it, when it is known here. */
  onAppended: (position: LogPosition, event?: ConversationEvent) => void;
};

export function createMirror(options: MirrorOptions): Mirror {
  const { redis, keys, padding, onEvent, onGap } = options;
  const window = createLogWindow("");
  let folded = EMPTY_FOLD;
  let pulling: Promise<void> | null = null;
  let isBehind = false;

  function add(event: ConversationEvent): void {
    folded = foldEvent(folded, event);
    const frame = encodeEvent(event, `${window.epoch()}-${window.last() + 1}`, padding);
    onEvent(window.add(frame, event.event === "error"));
  }

  /** From here on, whatever was before. */
  function restart(epoch: string, last: number, isSnapshotNext: boolean): void {
    const wasInUse = window.epoch() !== "";
    folded = { ...EMPTY_FOLD, cuts: folded.cuts, status: folded.status };
    window.reset(epoch, last);
    if (wasInUse && !isSnapshotNext) onGap();
  }

  function take({ epoch, last, events }: LogRead): void {
    const [first] = events;
    if (epoch === null) return;
    if (epoch !== window.epoch()) {
      const isSnapshotNext = first?.n === 1 && first.event.event === "conversation:init";
      restart(epoch, (first?.n ?? last + 1) - 1, isSnapshotNext);
    } else if (first && first.n > window.last() + 1) restart(epoch, first.n - 1, false);
    for (const { n, event } of events) if (n > window.last()) add(event);
  }

  async function pullAll(): Promise<void> {
    do {
      isBehind = false;
      const read = await readEvents(redis, keys, { epoch: window.epoch(), n: window.last() });
      take(read);
      isBehind ||= read.events.length > 0 && read.last > window.last();
    } while (isBehind);
  }

  function pull(): Promise<void> {
    isBehind = true;
    pulling ??= pullAll().finally(() => (pulling = null));
    return pulling;
  }

  return {
    lastId: window.lastId,
    since: window.since,
    expire: window.expire,
    isReady: () => window.epoch() !== "",
    isEmpty: () => window.last() === 0,
    folded: () => folded,
    pull,

    async reach(position) {
      if (position && (position.epoch !== window.epoch() || position.n > window.last()))
        await pull();
    },

    onAppended({ epoch, n }, event) {
      const isKnown = epoch === window.epoch();
      if (isKnown && n <= window.last()) return;
      if (event && isKnown && n === window.last() + 1) add(event);
      // Redis is away: its return is followed by a pull.
      else pull().catch(() => undefined);
    },
  };
}
