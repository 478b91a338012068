import type { ConversationEvent } from "../../proxy/protocol.ts";
import { backoff, pause } from "./backoff.ts";
import { ChatError } from "./errors.ts";
import { createEventParser } from "./sse.ts";

/** The proxy sends at least a comment every 15 s. */
const STALL = 40_000;
const RETRY = 1_000;

export type Listener = {
  /**
   * Called in order. `id` is empty when the stream names none. `"gap"` means that something is missing:
   * a snapshot is fetched.
   */
  onEvent(event: ConversationEvent, id: string): "gap" | undefined;
  /** `live` comes with every sign of life, heartbeats included. */
  onConnection(state: "live" | "lost"): void;
};

export type FollowOptions = {
  /** Opens the stream after event `lastEventId`; rejects with `ChatError`. */
  connect(lastEventId: string | undefined, signal: AbortSignal): Promise<Response>;
  listener: Listener;
  signal: AbortSignal;
  /** Where to resume; default: from a snapshot. */
  lastEventId?: string | undefined;
  /** Milliseconds of silence after which a connection counts as dead. */
  stall?: number;
  wait?: typeof pause;
  random?: () => number;
};

/**
 * Follows an event stream across lost connections: resumes after the last event, backs off with
 * jitter, never comes back before `retry:` and `Retry-After` allow. Ends when `signal` aborts; rejects with a
 * `ChatError` that is not retryable.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { connect, listener, signal, stall = STALL, wait = pause, random = Math.random } = options;
  let { lastEventId } = options;
  let retry = RETRY;
  let attempt = 0;

  /** Until the connection ends, or something is missing. */
  async function read(response: Response, onData: () => void): Promise<void> {
    let hasGap = false;
    const parse = createEventParser(
      ({ id, event, data }) => {
        if (hasGap) return;
        const received = { event, data: JSON.parse(data) } as ConversationEvent;
        // No event of the conversation: the stream is refused, its headers were out.
        if (received.event === "error" && !id) throw new ChatError(received.data);
        hasGap = listener.onEvent(received, id) === "gap";
        lastEventId = hasGap ? undefined : id || lastEventId;
        if (id) attempt = 0;
      },
      (milliseconds) => (retry = milliseconds),
    );
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const chunk = await reader?.read();
      if (!chunk?.value) return;
      onData();
      parse(decoder.decode(chunk.value, { stream: true }));
      if (hasGap) return;
    }
  }

  while (!signal.aborted) {
    let retryAfter = 0;
    const connection = new AbortController();
    const close = () => connection.abort();
    let timer = setTimeout(close, stall);
    signal.addEventListener("abort", close, connection);
    try {
      const response = await connect(lastEventId, connection.signal);
      await read(response, () => {
        listener.onConnection("live");
        clearTimeout(timer);
        timer = setTimeout(close, stall);
      });
    } catch (error) {
      if (error instanceof ChatError && !signal.aborted) {
        if (!error.retryable) throw error;
        retryAfter = error.retryAfter ?? 0;
      }
    } finally {
      clearTimeout(timer);
      close();
    }
    if (signal.aborted) return;
    listener.onConnection("lost");
    await wait(Math.max(retryAfter, backoff(attempt++, retry, random)), signal);
  }
}
