import { effect, signal } from "@preact/signals-core";
import type { ConversationEvent } from "../../proxy/protocol.ts";
import { warn } from "../console.ts";
import type { Store } from "../store.ts";
import { pause } from "../transport/backoff.ts";
import type { Transport } from "../transport/client.ts";
import type { Waiting } from "../waiting.ts";
import { remember, readUpTo } from "./conversations.ts";
import { keepCut, readCuts } from "./cuts.ts";
import {
  codeOf,
  EXPIRED,
  isExpired,
  isHopeless,
  repeatAfter,
  toFailure,
  type Failure,
} from "./failure.ts";
import { newKey } from "./new-key.ts";
import { watchOtherTabs } from "./other-tabs.ts";
import { createOutbox } from "./outbox.ts";
import { reduce } from "./reduce.ts";
import {
  addOlder,
  addUnsent,
  change,
  countUnread,
  emptyTranscript,
  findEntry,
  isKnown,
  isSettled,
  markFailed,
  settle,
  toEntries,
  unsent,
  type Entry,
  type Transcript,
} from "./transcript.ts";

export type ChatDependencies = {
  transport: Transport;
  store: Store;
  wait?: typeof pause;
};

export type Chat = ReturnType<typeof createChat>;

/** The conversation of this page, and what a visitor can do about it. Its actions never reject. */
export function createChat({ transport, store, wait = pause }: ChatDependencies) {
  let { conversation } = store.read();
  /** Aborted when the conversation is left. */
  let scope = new AbortController();
  let isFollowing = false;
  let sending = Promise.resolve();
  const outbox = createOutbox(store.waiting);
  const transcript = signal<Transcript>({ ...emptyTranscript, lastRead: store.read().lastRead });
  /** Nobody answers. */
  const isLost = signal(false);
  /** Why the proxy serves nobody on this page: a code; `token_expired` of who has to sign in again. */
  const refusal = signal<string | undefined>(undefined);
  const isLoadingOlder = signal(false);
  const unread = signal(0);
  const stopKeeping = effect(() => {
    unread.value = countUnread(transcript.value);
    outbox.keep(transcript.value.entries, conversation);
  });

  const set = (changes: Partial<Transcript>): void =>
    void (transcript.value = { ...transcript.value, ...changes });

  /** Follows the conversation, if there is one, and sends what waits for it. */
  async function connect(): Promise<void> {
    outbox.restore(() => conversation, add);
    if (!conversation || isFollowing) return;
    const { signal } = scope;
    isFollowing = true;
    try {
      await transport.follow(
        conversation,
        {
          onEvent: (event) => (signal.aborted ? undefined : apply(event)),
          onConnection(state) {
            if (!signal.aborted) isLost.value = state === "lost";
          },
        },
        signal,
      );
    } catch (error) {
      if (signal.aborted) return;
      isFollowing = false;
      if (codeOf(error) === "conversation_not_found") lose();
      else refuse(error);
    }
  }

  function add(waiting: Waiting): Promise<void> {
    transcript.value = addUnsent(transcript.value, waiting);
    return deliver(waiting.key);
  }

  function apply(event: ConversationEvent): "gap" | undefined {
    if (event.event === "message:complete" && event.data.stopped)
      keepCut(store, conversation, event.data);
    const next = reduce(transcript.value, event, readCuts(store, conversation));
    if (next === "gap") return next;
    transcript.value = next;
    return undefined;
  }

  /** The page's author reads why; the visitor only that it is so. */
  function refuse(error: unknown): void {
    refusal.value = codeOf(error);
    warn(`${error}`);
  }

  /** Nothing of the old conversation stays but `entries`: what was not sent. `next` takes its place. */
  function leave(entries: readonly Entry[], next?: string): void {
    store.write({ conversation: next, lastRead: readUpTo(store, next) });
    begin(entries);
  }

  /** The conversation is gone, or full. Another tab may have begun the next one. */
  function lose(): void {
    const { conversation: open } = store.read();
    leave(unsent(transcript.value), open === conversation ? undefined : open);
  }

  /** In the conversation that the browser remembers as the last one. */
  function begin(entries: readonly Entry[]): void {
    const saved = store.read();
    scope.abort();
    scope = new AbortController();
    isFollowing = false;
    conversation = saved.conversation;
    transcript.value = { ...emptyTranscript, entries, lastRead: saved.lastRead };
    isLost.value = false;
    void connect();
  }

  /** Another tab may have opened another conversation, or read this one. */
  function adopt(): void {
    const { conversation: open, lastRead } = store.read();
    // What was typed here before there was a conversation goes into that one.
    if (open !== conversation) begin(conversation ? [] : unsent(transcript.value));
    else if (lastRead && findEntry(transcript.value, lastRead)) set({ lastRead });
  }

  /** One after the other: the first message opens the conversation that the next one goes into. */
  function deliver(key: string): Promise<void> {
    sending = sending.then(() => post(key, 0));
    return sending;
  }

  /** Rejects when nobody answers. A message of which it is not known looks whether it has arrived. */
  async function catchUp(): Promise<void> {
    if (!conversation) return void (await transport.ask("api/conversations"));
    const { signal } = scope;
    const { messages } = await transport.messages(conversation);
    const start = messages.findLastIndex(({ id }) => isKnown(transcript.value, id)) + 1;
    if (!start || signal.aborted) return;
    for (const message of messages.slice(start)) apply({ event: "message:new", data: { message } });
  }

  /** What has left the screen in the meantime is not sent, and its answer not taken up. */
  async function post(key: string, attempt: number): Promise<void> {
    const { signal } = scope;
    const conversationId = conversation;
    const find = () => findEntry(transcript.value, key);
    const fail = (failure: Failure) =>
      void (transcript.value = markFailed(transcript.value, key, failure));
    const before = find();
    if (before?.delivery !== "sending") return;
    if (isExpired(before.created_at)) return fail(EXPIRED);
    try {
      // Of what is posted while nobody answers it would not be known whether it was sent.
      if (attempt > 0 || before.failure || isLost.value) await catchUp();
      const entry = find();
      if (entry?.delivery !== "sending") return;
      const { content } = entry;
      transcript.value = change(transcript.value, key, { isPosted: true });
      const reply = await transport.send({ key, content, conversationId });
      if (!find()) {
        // What it has begun was left meanwhile, and can be gone back to.
        const isBeginning = !conversationId && store.read().token;
        return isBeginning ? remember(store, reply.conversationId, "", false) : undefined;
      }
      const id = reply.messageId;
      conversation = reply.conversationId;
      remember(store, conversation, transcript.value.lastRead);
      // The stream may have told of the message first, and even of the end of its answer.
      const isTold = findEntry(transcript.value, id);
      apply({ event: "message:new", data: { message: settle({ ...entry, id }), key } });
      if (!isTold && transcript.value.state === "idle") set({ state: "thinking" });
      refusal.value = undefined;
      void connect();
    } catch (error) {
      const code = codeOf(error);
      if (code === "conversation_not_found" && conversationId) {
        if (conversation === conversationId) lose();
        return post(key, attempt);
      }
      const milliseconds = repeatAfter(error, attempt);
      if (milliseconds !== undefined) {
        if (code === "network" && !isFollowing) isLost.value = true;
        await wait(milliseconds, signal);
        return post(key, attempt + 1);
      }
      if (isHopeless(error)) refuse(error);
      fail(toFailure(error));
    }
  }

  const stopWatching = watchOtherTabs(adopt);
  if (store.waiting.list().length > 0) void connect();

  return {
    transport,
    store,
    transcript,
    isLost,
    refusal,
    isLoadingOlder,
    unread,
    connect,
    refuse,

    send: (content: string): Promise<void> =>
      add({ key: newKey(), content, created_at: new Date().toISOString() }),

    /** A message for which there was no room left goes into a new conversation. */
    async retry(uid: string): Promise<void> {
      const entry = findEntry(transcript.value, uid);
      if (entry?.delivery !== "failed") return;
      if (entry.failure?.code === "conversation_full") lose();
      const created_at = new Date().toISOString();
      transcript.value = change(transcript.value, uid, { delivery: "sending", created_at });
      await deliver(uid);
    },

    /** Forgets a message that was not sent. */
    discard(uid: string): void {
      set({ entries: transcript.value.entries.filter((entry) => entry.uid !== uid) });
    },

    /** The partial answer stays; the stream tells when it has ended. */
    async stop(): Promise<void> {
      if (!conversation) return;
      const { signal } = scope;
      const answer = await transport.stop(conversation).catch(() => undefined);
      if (signal.aborted || answer?.stopped !== false) return;
      set({ state: "idle" });
    },

    async loadOlder(): Promise<void> {
      const { entries, hasMore } = transcript.value;
      const [first] = entries;
      if (!conversation || !first || !hasMore || isLoadingOlder.value) return;
      const { signal } = scope;
      isLoadingOlder.value = true;
      const page = await transport.messages(conversation, first.id).catch(() => undefined);
      isLoadingOlder.value = false;
      if (page && !signal.aborted) {
        const older = toEntries(page.messages, readCuts(store, conversation));
        transcript.value = addOlder(transcript.value, older, page.hasMore);
      }
    },

    /** All that is there is on the screen. */
    markRead(): void {
      const last = transcript.value.entries.findLast(isSettled)?.id;
      if (!conversation || !last || last === transcript.value.lastRead) return;
      remember(store, conversation, last);
      set({ lastRead: last });
    },

    /** Of the last conversation; undefined before the first message of a new one. */
    get handle() {
      return conversation;
    },

    /** Shows another conversation, or a new one. What is still on its way to the old one holds nothing up. */
    switchTo(next?: string): void {
      sending = Promise.resolve();
      leave([], next);
    },

    /** What waits stays in the browser's storage. */
    dispose(): void {
      stopWatching();
      stopKeeping();
      outbox.dispose();
      scope.abort();
      transcript.value = emptyTranscript;
    },
  };
}
