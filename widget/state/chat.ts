import { computed, createModel, effect, signal } from "@preact/signals";
import { warn } from "../console.ts";
import type { Store } from "../store.ts";
import type { Transport } from "../transport/client.ts";
import { ChatError } from "../transport/errors.ts";
import type { Listener } from "../transport/follow.ts";
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

export type ChatDependencies = {
  transport: Transport;
  store: Store;
  /** Draws soon: many changes, one drawing. Default: the next animation frame. */
  schedule?: (draw: () => void) => void;
};

/** The conversation of this page: what is on the screen, and what a visitor can do about it. */
export const ChatModel = createModel((dependencies: ChatDependencies) => {
  const { transport, store, schedule = requestAnimationFrame } = dependencies;
  const transcript = signal<Transcript>(emptyTranscript);
  const connection = signal<"none" | "live" | "lost">("none");
  const isUnavailable = signal(false);
  const isLoadingOlder = signal(false);
  const lastRead = signal(store.read().lastRead);

  let conversation = store.read().conversation;
  /** Ahead of the signal until the next drawing. */
  let latest = emptyTranscript;
  let isDrawing = false;
  /** Aborted when the conversation is left. */
  let scope = new AbortController();
  let isFollowing = false;

  function change(next: Transcript) {
    latest = next;
    if (isDrawing) return;
    isDrawing = true;
    schedule(() => {
      isDrawing = false;
      transcript.value = latest;
    });
  }

  /** Follows the conversation, if there is one; an expired one is left. */
  function connect() {
    if (conversation === undefined || isFollowing) return;
    const { signal } = scope;
    const listener: Listener = {
      onEvent(event) {
        if (signal.aborted) return undefined;
        const next = reduce(latest, event);
        if (next === "gap") return next;
        change(next);
        return undefined;
      },
      onConnection(state) {
        if (!signal.aborted) connection.value = state;
      },
    };
    isFollowing = true;
    transport.follow(conversation, listener, signal).catch((error: unknown) => {
      if (signal.aborted) return;
      if (isGone(error)) leave(unsent(latest));
      else refuse(error);
    });
  }

  /** The page's author reads why; the visitor only that it is so. */
  function refuse(error: unknown) {
    isUnavailable.value = true;
    warn(error instanceof Error ? error.message : String(error));
  }

  function leave(entries: readonly Entry[]) {
    scope.abort();
    scope = new AbortController();
    isFollowing = false;
    connection.value = "none";
    conversation = undefined;
    lastRead.value = undefined;
    store.write({ conversation, lastRead: undefined });
    change({ ...emptyTranscript, entries });
  }

  async function deliver(key: string, content: string): Promise<void> {
    const { signal } = scope;
    try {
      const target = conversation === undefined ? {} : { conversationId: conversation };
      const reply = await transport.send({ key, content, ...target });
      if (signal.aborted) return;
      isUnavailable.value = false;
      conversation = reply.conversationId;
      store.write({ conversation });
      const sent = markSent(latest, key, reply.messageId);
      change(sent.state === "idle" ? { ...sent, state: "thinking" } : sent);
      connect();
    } catch (error) {
      if (signal.aborted) return;
      if (isGone(error) && conversation !== undefined) {
        leave(unsent(latest).filter((entry) => entry.uid !== key));
        return send(content);
      }
      if (error instanceof ChatError && error.code === "origin_not_allowed") refuse(error);
      change(markFailed(latest, key, toFailure(error)));
    }
  }

  async function send(content: string): Promise<void> {
    const key = newKey();
    const created_at = new Date().toISOString();
    change(addUnsent(latest, key, { role: "user", content, created_at }));
    await deliver(key, content);
  }

  async function retry(uid: string): Promise<void> {
    const entry = findEntry(latest, uid);
    if (entry?.delivery !== "failed") return;
    change(markSending(latest, uid));
    await deliver(uid, entry.content);
  }

  /** The partial answer stays; the stream tells when it has ended. */
  async function stop(): Promise<void> {
    if (conversation === undefined) return;
    const { signal } = scope;
    const answer = await transport.stop(conversation).catch(() => undefined);
    if (signal.aborted || answer?.stopped !== false) return;
    change({ ...latest, state: "idle" });
  }

  async function loadOlder(): Promise<void> {
    const first = latest.entries[0];
    if (conversation === undefined || !first || !latest.hasMore || isLoadingOlder.value) return;
    const { signal } = scope;
    isLoadingOlder.value = true;
    const page = await transport.older(conversation, first.id).catch(() => undefined);
    isLoadingOlder.value = false;
    if (page && !signal.aborted) change(addOlder(latest, page.messages, page.hasMore));
  }

  function markRead() {
    const last = transcript.value.entries.findLast(isSettled);
    if (!last || last.id === lastRead.value) return;
    lastRead.value = last.id;
    store.write({ lastRead: last.id });
  }

  effect(() => () => scope.abort());

  return {
    transcript,
    connection,
    isUnavailable,
    isLoadingOlder,
    isAnswering: computed(() => transcript.value.state !== "idle"),
    /** Messages of the agent after the last one that was on the screen. */
    unread: computed(() => {
      const { entries } = transcript.value;
      const read = entries.findLastIndex((entry) => entry.id === lastRead.value);
      return entries.slice(read + 1).filter((entry) => entry.role !== "user" && isSettled(entry))
        .length;
    }),
    connect,
    send,
    retry,
    stop,
    loadOlder,
    markRead,
    startNew: () => leave([]),
  };
});

/** A model that the components draw. */
export type Chat = InstanceType<typeof ChatModel>;

const isSettled = (entry: Entry): boolean => !entry.delivery && !entry.isStreaming;

const isGone = (error: unknown): boolean =>
  error instanceof ChatError && error.code === "conversation_not_found";

function toFailure(error: unknown): Failure {
  return error instanceof ChatError
    ? { code: error.code, isRetryable: error.isRetryable }
    : { code: "internal_error", isRetryable: true };
}

/** `randomUUID` exists on HTTPS and localhost only. */
function newKey(): string {
  if ("randomUUID" in crypto) return crypto.randomUUID();
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
