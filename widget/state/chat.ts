import { warn } from "../console.ts";
import type { Store } from "../store.ts";
import type { Transport } from "../transport/client.ts";
import { ChatError } from "../transport/errors.ts";
import { createModel } from "./model.ts";
import { reduce } from "./reduce.ts";
import {
  addOlder,
  addUnsent,
  emptyTranscript,
  findEntry,
  markFailed,
  markSending,
  markSent,
  unsent,
  type Entry,
  type Failure,
  type Transcript,
} from "./transcript.ts";

export type ChatState = {
  transcript: Transcript;
  connection: "none" | "live" | "lost";
  /** The proxy serves nobody on this page. */
  isUnavailable: boolean;
  isLoadingOlder: boolean;
  /** The id of the last message that was on the screen. */
  lastRead: string | undefined;
};

export type ChatDependencies = {
  transport: Transport;
  store: Store;
  /** When watchers are told of changes; default: with the next frame. */
  schedule?: (notify: () => void) => void;
};

export type Chat = ReturnType<typeof createChat>;

/** The conversation of this page, and what a visitor can do about it. Its actions never reject. */
export function createChat({
  transport,
  store,
  schedule = requestAnimationFrame,
}: ChatDependencies) {
  let { conversation } = store.read();
  /** Aborted when the conversation is left. */
  let scope = new AbortController();
  let isFollowing = false;
  const model = createModel<ChatState>(
    {
      transcript: emptyTranscript,
      connection: "none",
      isUnavailable: false,
      isLoadingOlder: false,
      lastRead: store.read().lastRead,
    },
    schedule,
  );

  const latest = () => model.state.transcript;
  const draw = (transcript: Transcript) => model.change({ transcript });

  /** Follows the conversation, if there is one. */
  async function connect(): Promise<void> {
    if (conversation === undefined || isFollowing) return;
    const { signal } = scope;
    isFollowing = true;
    try {
      await transport.follow(
        conversation,
        {
          onEvent(event) {
            const next = signal.aborted ? latest() : reduce(latest(), event);
            if (next === "gap") return next;
            draw(next);
            return undefined;
          },
          onConnection(connection) {
            if (!signal.aborted) model.change({ connection });
          },
        },
        signal,
      );
    } catch (error) {
      if (signal.aborted) return;
      if (isGone(error)) leave(unsent(latest()));
      else refuse(error);
    }
  }

  /** The page's author reads why; the visitor only that it is so. */
  function refuse(error: unknown): void {
    model.change({ isUnavailable: true });
    warn(`${error}`);
  }

  /** Nothing of the old conversation stays but `entries`. */
  function leave(entries: readonly Entry[]): void {
    scope.abort();
    scope = new AbortController();
    isFollowing = false;
    conversation = undefined;
    store.write({ conversation, lastRead: undefined });
    model.change({
      transcript: { ...emptyTranscript, entries },
      connection: "none",
      lastRead: undefined,
    });
  }

  async function deliver(key: string, content: string): Promise<void> {
    const { signal } = scope;
    try {
      const target = conversation === undefined ? {} : { conversationId: conversation };
      const reply = await transport.send({ key, content, ...target });
      if (signal.aborted) return;
      conversation = reply.conversationId;
      store.write({ conversation });
      const sent = markSent(latest(), key, reply.messageId);
      const state = sent.state === "idle" ? "thinking" : sent.state;
      model.change({ transcript: { ...sent, state }, isUnavailable: false });
      void connect();
    } catch (error) {
      if (signal.aborted) return;
      if (isGone(error) && conversation !== undefined) {
        leave(unsent(latest()).filter((entry) => entry.uid !== key));
        return send(content);
      }
      if (error instanceof ChatError && error.code === "origin_not_allowed") refuse(error);
      draw(markFailed(latest(), key, toFailure(error)));
    }
  }

  async function send(content: string): Promise<void> {
    const key = newKey();
    const created_at = new Date().toISOString();
    draw(addUnsent(latest(), key, { role: "user", content, created_at }));
    await deliver(key, content);
  }

  return {
    get state() {
      return model.state;
    },
    watch: model.watch,
    connect,
    send,

    async retry(uid: string): Promise<void> {
      const entry = findEntry(latest(), uid);
      if (entry?.delivery !== "failed") return;
      draw(markSending(latest(), uid));
      await deliver(uid, entry.content);
    },

    /** The partial answer stays; the stream tells when it has ended. */
    async stop(): Promise<void> {
      if (conversation === undefined) return;
      const { signal } = scope;
      const answer = await transport.stop(conversation).catch(() => undefined);
      if (!signal.aborted && answer?.stopped === false) draw({ ...latest(), state: "idle" });
    },

    async loadOlder(): Promise<void> {
      const { transcript, isLoadingOlder } = model.state;
      const first = transcript.entries[0];
      if (conversation === undefined || !first || !transcript.hasMore || isLoadingOlder) return;
      const { signal } = scope;
      model.change({ isLoadingOlder: true });
      const page = await transport.older(conversation, first.id).catch(() => undefined);
      model.change({ isLoadingOlder: false });
      if (page && !signal.aborted) draw(addOlder(latest(), page.messages, page.hasMore));
    },

    /** All that is there is on the screen. */
    markRead(): void {
      const lastRead = latest().entries.findLast(isSettled)?.id;
      if (lastRead === undefined || lastRead === model.state.lastRead) return;
      store.write({ lastRead });
      model.change({ lastRead });
    },

    startNew: () => leave([]),
    dispose: () => scope.abort(),
  };
}

/** Messages of the agent after the last one that was on the screen. */
export function countUnread({ transcript, lastRead }: ChatState): number {
  const read = transcript.entries.findLastIndex((entry) => entry.id === lastRead);
  const later = transcript.entries.slice(read + 1);
  return later.filter((entry) => entry.role !== "user" && isSettled(entry)).length;
}

const isSettled = (entry: Entry): boolean => !entry.delivery && !entry.isStreaming;

const isGone = (error: unknown): boolean =>
  error instanceof ChatError && error.code === "conversation_not_found";

function toFailure(error: unknown): Failure {
  return error instanceof ChatError
    ? { code: error.code, isRetryable: error.isRetryable }
    : { code: "internal_error", isRetryable: true };
}

/** 128 random bits. Not `randomUUID`, which pages without TLS don't have. */
function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
