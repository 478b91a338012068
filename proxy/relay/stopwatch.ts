/** How long one conversation's visitors wait: for the first text of an answer, and for each piece of it. */
import type { PlatformEvent } from "../platforms/platform.ts";
import type { ConversationEvent } from "../protocol.ts";
import type { Observer } from "./observer.ts";

export type Stopwatch = {
  /** The platform has taken a message. */
  onAccepted: () => void;
  /** Before and after an event of the platform is worked on. */
  onRead: (event: PlatformEvent) => void;
  onApplied: (event: PlatformEvent) => void;
  /** Returns what is to be called when the event has been written to its viewers. */
  onPublish: (event: ConversationEvent) => () => void;
};

const ignore = (): void => undefined;

export function createStopwatch(
  observer: Observer,
  now: () => number = () => performance.now(),
): Stopwatch {
  let acceptedAt: number | null = null;
  /** When the oldest chunk came that has not been written yet. */
  let readAt: number | null = null;

  function endWait(hasText: boolean): void {
    if (acceptedAt !== null && hasText) observer.answerBegan((now() - acceptedAt) / 1000);
    acceptedAt = null;
  }

  return {
    onAccepted: () => void (acceptedAt = now()),

    onRead({ type }) {
      if (type === "chunk") readAt ??= now();
    },

    // Every other event sends what is joined on its way first: what is left then is not shown at all.
    onApplied({ type }) {
      if (type !== "chunk") readAt = null;
    },

    onPublish({ event, data }) {
      if (event === "error") endWait(false);
      if (event === "message:complete") endWait(!data.stopped);
      if (event === "message:chunk") endWait(true);
      const since = event === "message:chunk" ? readAt : null;
      if (since === null) return ignore;
      readAt = null;
      return () => observer.relayed((now() - since) / 1000);
    },
  };
}
