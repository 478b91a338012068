/** Who watches one conversation: each viewer gets what it missed, then what happens, without a gap. */
import type { LoggedEvent, ReadableLog } from "./event-log.ts";
import { UNOBSERVED, type Observer } from "./observer.ts";
import type { PlacedSnapshot } from "./snapshot.ts";
import { encodeEvent } from "./sse.ts";
import type { Viewer } from "./viewer.ts";

export type AudienceOptions = {
  log: ReadableLog;
  /** The conversation as it is now, or a moment later. May reject. */
  readSnapshot: () => Promise<PlacedSnapshot>;
  onLeave: () => void;
  observer?: Observer;
};

export type Audience = {
  /** A viewer is here, though nothing can be shown to it yet: it is counted, and ended with the others. */
  expect: (viewer: Viewer) => void;
  /** Shows a viewer what came after `lastEventId`, or a snapshot. Rejects as `readSnapshot` does. */
  admit: (viewer: Viewer, lastEventId: string | null) => Promise<void>;
  /** Shows everybody what the log has got a moment ago. */
  show: (logged: LoggedEvent) => void;
  /** Something was missed that the log no longer has: everybody starts afresh. */
  refresh: () => void;
  /** Viewers to whom events go. */
  size: () => number;
  isEmpty: () => boolean;
  /** Ends every viewer; `retryMs` gives each the time after which to come back. */
  dismiss: (retryMs?: () => number) => void;
};

export function createAudience(options: AudienceOptions): Audience {
  const { log, readSnapshot, onLeave, observer = UNOBSERVED } = options;
  const viewers = new Set<Viewer>();
  /** They wait for their snapshot: no event goes to them yet. */
  const arriving = new Set<Viewer>();
  let reading: Promise<{ frame: string; at: string }> | null = null;

  // No await between reading the log and joining: nothing can fall between replay and live.
  function goLive(viewer: Viewer, missed: readonly LoggedEvent[]): void {
    arriving.delete(viewer);
    for (const { frame } of missed) viewer.send(frame);
    if (!viewer.isClosed()) viewers.add(viewer);
  }

  /** One read for all who come while it lasts: what happened since its place is in the log. */
  function read() {
    reading ??= readSnapshot()
      .then(({ data, at }) => ({
        frame: encodeEvent({ event: "conversation:init", data }, at),
        at,
      }))
      .finally(() => (reading = null));
    return reading;
  }

  async function admitWithSnapshot(group: readonly Viewer[]): Promise<void> {
    while (group.some((viewer) => !viewer.isClosed())) {
      const { frame, at } = await read();
      const later = log.since(at);
      // So much happened meanwhile that the log no longer reaches back: read again.
      if (later === "gone") continue;
      for (const viewer of group) {
        viewer.send(frame);
        goLive(viewer, later);
      }
      return;
    }
  }

  function expect(viewer: Viewer): void {
    if (arriving.has(viewer)) return;
    arriving.add(viewer);
    viewer.onClose(() => {
      arriving.delete(viewer);
      viewers.delete(viewer);
      onLeave();
    });
  }

  return {
    expect,

    async admit(viewer, lastEventId) {
      expect(viewer);
      const missed = lastEventId === null ? "gone" : log.since(lastEventId);
      if (missed === "gone") {
        observer.admitted(lastEventId === null ? "fresh" : "snapshot");
        return admitWithSnapshot([viewer]);
      }
      observer.admitted("replay");
      goLive(viewer, missed);
    },

    show({ frame }) {
      const encoded = viewers.size > 1 ? Buffer.from(frame) : frame;
      for (const viewer of viewers) viewer.send(encoded);
      observer.shown(viewers.size);
    },

    refresh() {
      const group = [...viewers];
      viewers.clear();
      for (const viewer of group) arriving.add(viewer);
      admitWithSnapshot(group).catch(() => {
        // They come back, and then are told what is wrong.
        for (const viewer of group) viewer.end();
      });
    },

    size: () => viewers.size,
    isEmpty: () => viewers.size + arriving.size === 0,

    dismiss(retryMs) {
      for (const viewer of [...viewers, ...arriving]) viewer.end(retryMs?.());
    },
  };
}
