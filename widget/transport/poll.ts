import type { MessagesResponse, StatusResponse } from "../../proxy/protocol.ts";
import { pause } from "./backoff.ts";
import type { Poll } from "./follow.ts";

/** Milliseconds between two looks: while something happens, and at most while nothing does. */
const BUSY = 1_500;
const CALM = 10_000;
/** In milliseconds. Slower answers mean that the line is bad, not that the stream is held back. */
const TIMEOUT = 10_000;
/** Milliseconds until the stream is tried again: doubled by each round, up to 16 min. */
const PATIENCE = 60_000;
const ROUNDS = 4;

type PollOptions = Parameters<Poll>[0] & {
  /** `path` is relative to the conversation. Rejects with `ChatError`. */
  get<Answer>(path: string, signal: AbortSignal): Promise<Answer>;
  /** A signal that aborts when the visitor sends something. */
  onSent(): AbortSignal;
  wait?: typeof pause;
  now?: () => number;
};

/**
 * Asks for new messages and for the agent's state instead of following the stream. Resolves when the
 * stream may be tried again and nothing happens; rejects when the proxy does not answer. The page's
 * author is told once that the stream is held back.
 */
export async function poll(options: PollOptions): Promise<void> {
  const {
    get,
    onSent,
    listener,
    signal,
    isHeldBack,
    round,
    wait = pause,
    now = Date.now,
  } = options;
  const end = now() + PATIENCE * 2 ** Math.min(round, ROUNDS);
  const ask = <Answer>(path: string) =>
    get<Answer>(path, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]));
  let last: string | undefined;
  let delay = BUSY;

  for (;;) {
    const sent = onSent();
    // The state first: of an answer that ends in between, the messages have it all.
    const { state, status } = await ask<StatusResponse>("status");
    const since = last && `?since=${encodeURIComponent(last)}`;
    const { messages, hasMore } = await ask<MessagesResponse>(`messages${since ?? "?limit=30"}`);
    if (signal.aborted) return;
    if (isHeldBack && last === undefined) void explain();

    const data = { state: state ?? "idle", status } as const;
    listener.onConnection("live");
    if (last === undefined) {
      const snapshot = { ...data, messages, partial: null, hasMore };
      listener.onEvent({ event: "conversation:init", data: snapshot }, "");
    } else {
      for (const message of messages)
        listener.onEvent({ event: "message:new", data: { message } }, "");
      listener.onEvent({ event: "conversation:state", data }, "");
      listener.onEvent({ event: "conversation:status", data }, "");
    }
    last = messages.at(-1)?.id ?? last;

    const isBusy = state !== null || messages.length > 0;
    if (!isBusy && now() > end) return;
    delay = isBusy ? BUSY : Math.min(delay * 1.5, CALM);
    await wait(delay, AbortSignal.any([signal, sent]));
    if (sent.aborted) delay = BUSY;
    if (signal.aborted) return;
  }
}

/** What is wrong is told to who can mend it: nobody else fetches the words for that. */
const explain = () =>
  import("../explain.ts").then(
    ({ explainBuffering }) => explainBuffering(),
    () => undefined,
  );
