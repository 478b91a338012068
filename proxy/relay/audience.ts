/** Who watches one conversation: each viewer gets what it missed, then what happens, without a gap. */
import type { LoggedEvent, ReadableLog } from "./event-log.ts";
import { UNOBSERVED, type Observer } from "./observer.ts";
import type { Snapshot } from "./snapshot.ts";
import { encodeEvent } from "./sse.ts";
import type { Viewer } from "./viewer.ts";

export type AudienceOptions = {
  log: ReadableLog;
  /**
   * The conversation as it is when this is called; what happens while the history is read may be in it
   * or not, since every event can be applied twice. May reject.
   */
  readSnapshot: () => Promise<Snapshot>;
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

/** A snapshot that is being read, and the id of the last event before it. */
type Reading = { at: string; frame: Promise<string> };

export function createAudience(options: AudienceOptions): Audience {
  const { log, readSnapshot, onLeave, observer = UNOBSERVED } = options;
  const viewers = new Set<Viewer>();
  /** They wait for their snapshot: no event goes to them yet. */
  const arriving = new Set<Viewer>();
  let reading: Reading | null = null;

  // No await between reading the log and joining: nothing can fall between replay and live.
  function goLive(viewer: Viewer, missed: readonly LoggedEvent[]): void {
    arriving.delete(viewer);
    for (const { frame } of missed) viewer.send(frame);
    if (!viewer.isClosed()) viewers.add(viewer);
  }

  /** One read for all who come while it lasts: what happened since it began is in the log. */
  function read(): Reading {
    const at = log.lastId();
    reading ??= {
      at,
      frame: readSnapshot()
        .then((data) => encodeEvent({ event: "conversation:init", data }, at))
        .finally(() => (reading = null)),
    };
    return reading;
  }

  async function admitWithSnapshot(group: readonly Viewer[]): Promise<void> {
    while (group.some((viewer) => !viewer.isClosed())) {
      const { at, frame } = read();
      const snapshot = await frame;
      const later = log.since(at);
      // So much happened meanwhile that the log no longer reaches back: read again.
      if (later === "gone") continue;
      for (const viewer of group) {
        viewer.send(snapshot);
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
