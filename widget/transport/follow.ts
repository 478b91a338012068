import type { ConversationEvent } from "../../proxy/protocol.ts";
import { backoff, pause } from "./backoff.ts";
import { ChatError } from "./errors.ts";
import { createEventParser } from "./sse.ts";

/** In milliseconds. The proxy sends at least a comment every 15 s. */
const STALL = 40_000;
/** In milliseconds. It sends something at once, and again after 2 s: later means that it is held back. */
const EARLY = 6_000;
/** In milliseconds. What comes so long after the first bytes was not held back together with them. */
const APART = 1_000;
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

/**
 * Asks for what the stream would tell, while that is held back on its way or there are too many.
 * Resolves when the stream is worth another try: the later, the higher `round`, from 0. Rejects when
 * the proxy does not answer.
 */
export type Poll = (turn: {
  listener: Listener;
  signal: AbortSignal;
  isHeldBack: boolean;
  round: number;
}) => Promise<void>;

export type FollowOptions = {
  /** Opens the stream after event `lastEventId`; rejects with `ChatError`. */
  connect(lastEventId: string | undefined, signal: AbortSignal): Promise<Response>;
  listener: Listener;
  signal: AbortSignal;
  /** Where to resume; default: from a snapshot. */
  lastEventId?: string | undefined;
  poll?: Poll;
  /** Milliseconds of silence after which a connection counts as dead. */
  stall?: number;
  /** The same, for one that has just begun: then it is `poll`'s turn. */
  early?: number;
  wait?: typeof pause;
  random?: () => number;
};

/**
 * Follows an event stream across lost connections: resumes after the last event, backs off with
 * jitter, never comes back before `retry:` and `Retry-After` allow. Ends when `signal` aborts; rejects with a
 * `ChatError` that is not retryable.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { connect, listener, signal, poll, stall = STALL, early = EARLY } = options;
  const { wait = pause, random = Math.random } = options;
  let { lastEventId } = options;
  let rounds = 0;
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

  /** One connection. Resolves with what holds the stream back, if that is why it has ended. */
  async function stream(): Promise<"silence" | "limit" | undefined> {
    const connection = new AbortController();
    const close = () => connection.abort();
    let begunAt: number | undefined;
    let heardAt = performance.now();
    let silence = early;
    const left = () => heardAt + silence - performance.now();
    // It comes by and looks: a timer for each of many pieces costs more than to read them.
    async function listen(): Promise<void> {
      while (left() > 0 && !connection.signal.aborted) await pause(left(), connection.signal);
      close();
    }
    void listen();
    signal.addEventListener("abort", close, connection);
    globalThis.addEventListener?.("offline", close, connection);
    try {
      await read(await connect(lastEventId, connection.signal), () => {
        listener.onConnection("live");
        heardAt = performance.now();
        begunAt ??= heardAt;
        if (heardAt - begunAt > APART) {
          silence = stall;
          rounds = 0;
        }
      });
    } catch (error) {
      if (error instanceof ChatError && error.code === "too_many_streams" && poll) return "limit";
      if (left() > 0) throw error;
    } finally {
      close();
    }
    return left() <= 0 && silence === early ? "silence" : undefined;
  }

  while (!signal.aborted) {
    let retryAfter = 0;
    try {
      const obstacle = await stream();
      if (obstacle && poll) {
        await poll({ listener, signal, isHeldBack: obstacle === "silence", round: rounds++ });
        // What was asked for has no number in the stream.
        lastEventId = undefined;
        continue;
      }
    } catch (error) {
      if (error instanceof ChatError && !signal.aborted) {
        if (!error.retryable) throw error;
        retryAfter = error.retryAfter ?? 0;
      }
    }
    if (signal.aborted) return;
    listener.onConnection("lost");
    await wait(Math.max(retryAfter, backoff(attempt++, retry, random)), signal);
  }
}
