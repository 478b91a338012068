import { onTestFinished } from "vitest";
import type { ConversationEvent } from "../../../../proxy/protocol.ts";
import { reduce } from "../../../../widget/state/reduce.ts";
import { emptyTranscript, type Transcript } from "../../../../widget/state/transcript.ts";
import type { ShareOptions } from "../../../../widget/tabs/share.ts";
import { shareAmongTabs } from "../../../../widget/tabs/tabs.ts";
import type { follow, Listener } from "../../../../widget/transport/follow.ts";
import { agent, chunk, complete, init, noCuts } from "../events.ts";

type Connection = { tab: string; lastEventId: string | undefined; listener: Listener };

/** What a page is to its tab, as far as sharing goes. */
export class FakePage extends EventTarget {
  visibilityState: DocumentVisibilityState = "visible";
  show(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

/** One answer that grows, at a proxy that is played here: numbered events, resumed or with a snapshot. */
export function createConversation(name: string) {
  const log: ConversationEvent[] = [];
  /** All that were ever opened, and those that still are. */
  const opened: Connection[] = [];
  const open = new Set<Connection>();
  let text = "";

  function append(event: ConversationEvent): void {
    log.push(event);
    for (const { listener } of open) listener.onEvent(event, `e-${log.length}`);
  }

  const streamOf =
    (tab: string): typeof follow =>
    async ({ listener, signal, lastEventId }) => {
      await wait(Math.random() * 10);
      if (signal.aborted) return;
      const connection = { tab, lastEventId, listener };
      opened.push(connection);
      open.add(connection);
      listener.onConnection("live");
      listener.onEvent({ event: "connected", data: { conversationId: name } }, "");
      const partial = text ? { messageId: "a1", text } : null;
      const last = lastEventId ? Number(lastEventId.slice(2)) : log.length;
      if (!lastEventId) listener.onEvent(init({ partial }), `e-${last}`);
      log.slice(last).forEach((event, at) => listener.onEvent(event, `e-${last + at + 1}`));
      await aborted(signal);
      open.delete(connection);
    };

  return {
    opened,
    open: () => [...open].map(({ tab }) => tab),
    beat: () => open.forEach(({ listener }) => listener.onConnection("live")),
    lose: () => open.forEach(({ listener }) => listener.onConnection("lost")),
    text: () => text,

    say(more: string): void {
      append(chunk("a1", text.length, more));
      text += more;
    },
    finish: () => append(complete(agent("a1", text))),

    /** A tab that follows it, closed with the test. */
    join(tab: string, options: Partial<ShareOptions> = {}, stream = streamOf(tab)) {
      const closing = new AbortController();
      onTestFinished(() => closing.abort());
      const states: string[] = [];
      const events: string[] = [];
      const page = new FakePage();
      let transcript: Transcript = emptyTranscript;
      const ended = shareAmongTabs(stream, {
        name,
        connect: () => Promise.reject(new Error("There is no proxy.")),
        signal: closing.signal,
        page,
        listener: {
          onEvent(event, id) {
            const next = reduce(transcript, event, noCuts);
            if (next === "gap") return next;
            if (event.event !== "connected") events.push(`${id} ${event.event}`);
            transcript = next;
            return undefined;
          },
          onConnection: (state) => void (state === states.at(-1) || states.push(state)),
        },
        ...options,
      });
      ended.catch(() => undefined);
      return {
        ended,
        events,
        page,
        states,
        close: () => closing.abort(),
        text: () => transcript.entries.map(({ content }) => content).join("|"),
      };
    },
  };
}

export const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const aborted = (signal: AbortSignal): Promise<unknown> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener("abort", resolve));

/** Tells the tabs of a conversation what its leader did not. */
export function tellAll(name: string, news: object): void {
  const channel = new BroadcastChannel(`lex-chat:${name}`);
  onTestFinished(() => channel.close());
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows
  channel.postMessage(news);
}

/** Holds the lock as a page does that sleeps: without a word. */
export async function sleepAsLeader(name: string): Promise<void> {
  const waking = Promise.withResolvers<void>();
  onTestFinished(() => waking.resolve());
  await new Promise<void>((resolve) => {
    const hold = () => {
      resolve();
      return waking.promise;
    };
    navigator.locks.request(`lex-chat:${name}`, hold).catch(() => undefined);
  });
}
