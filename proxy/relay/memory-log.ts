/** The event log of one process: the last events in memory. */
import type { EventLog } from "./event-log.ts";
import { createEpoch, createLogWindow, type LogWindowOptions } from "./log-window.ts";
import { encodeEvent } from "./sse.ts";

export type MemoryLogOptions = LogWindowOptions & { padding?: boolean };

/** A new epoch each time. */
export function createMemoryLog(options: MemoryLogOptions = {}): EventLog {
  const { padding = false, ...caps } = options;
  const epoch = createEpoch();
  const window = createLogWindow(epoch, caps);
  return {
    lastId: window.lastId,
    since: window.since,
    expire: window.expire,
    append(event) {
      const frame = encodeEvent(event, `${epoch}-${window.last() + 1}`, padding);
      return window.add(frame, event.event === "error");
    },
  };
}
