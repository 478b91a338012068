/** The platform's stream of one conversation at a time. Never rejects: the history has it all too. */
import { setTimeout as wait } from "node:timers/promises";
import type { Platform, PlatformEvent } from "../platforms/platform.ts";

/** The stream is to be open before the question is sent; what it misses comes from the history. */
const OPEN_MS = 3000;
/** Events that arrive while the question is being sent. */
const MAX_HELD_EVENTS = 1000;

export type Listener = ReturnType<typeof createListener>;

export function createListener(platform: Platform, onEvent: (event: PlatformEvent) => void) {
  const abort = new AbortController();
  /** Messages from before the question. */
  const earlier = new Set<string>();
  let place: string | null = null;
  let mode: "before" | "held" | "on" = "before";
  let held: PlatformEvent[] = [];
  let isIdle = false;
  let hasNews = false;
  let wake = (): void => undefined;

  function receive(event: PlatformEvent): void {
    const id = idOf(event);
    if (mode === "before" && id !== null) earlier.add(id);
    if (mode === "held" && held.length < MAX_HELD_EVENTS) held.push(event);
    if (mode !== "on" || (id !== null && earlier.has(id))) return;
    if (event.type === "state") isIdle = event.state === "idle";
    onEvent(event);
    hasNews = true;
    wake();
  }

  return {
    place: () => place,
    /** By what the stream has said last. */
    isIdle: () => isIdle,

    /** Resolves when the stream is open, or when that has failed or takes too long. */
    async open(conversationId: string): Promise<void> {
      place = conversationId;
      const { promise: opened, resolve } = Promise.withResolvers<void>();
      const handlers = { onOpen: resolve, onEvent: receive, onActivity: () => undefined };
      const ended = platform
        .stream(conversationId, handlers, abort.signal)
        .catch(() => undefined)
        .finally(() => {
          // Closed before it had said anything: it may open once there is a message.
          place = null;
          wake();
        });
      const stop = new AbortController();
      const late = wait(OPEN_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      await Promise.race([opened, ended, late]);
      stop.abort();
    },

    /** From here on events may belong to the answer, if the question is accepted. */
    hold(): void {
      for (const event of held) {
        const id = idOf(event);
        if (id !== null) earlier.add(id);
      }
      held = [];
      mode = "held";
    },

    /** The question is accepted. */
    release(): void {
      mode = "on";
      for (const event of held.splice(0)) receive(event);
    },

    /** Resolves when something has happened since the last call, with false after so many milliseconds or at the end. */
    async news(timeoutMs: number): Promise<boolean> {
      if (!hasNews && !abort.signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, timeoutMs);
        wake = resolve;
        await promise;
        clearTimeout(timer);
      }
      const isNews = hasNews;
      hasNews = false;
      return isNews;
    },

    end(): void {
      abort.abort();
      wake();
    },
  };
}

function idOf(event: PlatformEvent): string | null {
  if (event.type === "chunk") return event.messageId;
  return event.type === "message" || event.type === "complete" ? event.message.id : null;
}
