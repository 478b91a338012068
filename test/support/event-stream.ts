/** One open stream of the proxy, read as a page would read it. */
import { createParser } from "eventsource-parser";
import type {
  ConversationEvent,
  EventMap,
  EventName,
  Message,
  Problem,
} from "../../proxy/protocol.ts";
import { closeLater } from "./close-later.ts";

const WAIT_MS = 30_000;

export type SeenEvent = ConversationEvent & { id: string | undefined };
export type EventStream = Awaited<ReturnType<typeof openStream>>;

/** An open event stream that keeps everything it gets. */
export async function openStream(
  url: string,
  headers: Record<string, string | undefined>,
  fetch = globalThis.fetch,
) {
  const abort = new AbortController();
  closeLater(() => abort.abort());
  const given = Object.entries(headers).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const response = await fetch(url, { headers: Object.fromEntries(given), signal: abort.signal });
  const events: SeenEvent[] = [];
  const retries: number[] = [];
  const waiting = new Set<() => void>();
  let raw = "";
  let hasEnded = false;

  const parser = createParser({
    onEvent: ({ event, id, data }) =>
      events.push({ event, id, data: JSON.parse(data) as unknown } as SeenEvent),
    onRetry: (milliseconds) => retries.push(milliseconds),
  });

  async function read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const bytes of response.body ?? []) {
        const text = decoder.decode(bytes as Uint8Array, { stream: true });
        raw += text;
        parser.feed(text);
        for (const check of waiting) check();
      }
    } catch {
      // Closed by either side: what was read is what there is.
    }
    hasEnded = true;
    for (const check of waiting) check();
  }
  if (response.ok) void read();
  else hasEnded = true;

  /** Resolves with the first result that is not undefined. */
  function wait<Result>(what: string, look: () => Result | undefined): Promise<Result> {
    return new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearTimeout(timer);
        waiting.delete(check);
        act();
      };
      const check = (): void => {
        const result = look();
        if (result !== undefined) finish(() => resolve(result));
        else if (hasEnded) finish(() => reject(new Error(`${what}: the stream ended. ${seen()}`)));
      };
      const seen = (): string => `Seen: ${events.map(({ event }) => event).join(", ")}`;
      const timer = setTimeout(
        () => finish(() => reject(new Error(`${what}: waited in vain. ${seen()}`))),
        WAIT_MS,
      );
      waiting.add(check);
      check();
    });
  }

  const all = <Name extends EventName>(name: Name): Array<EventMap[Name]> =>
    events.flatMap((seen) => (seen.event === name ? [seen.data as EventMap[Name]] : []));

  return {
    status: response.status,
    headers: response.headers,
    /** The body of a refusal. */
    problem: async (): Promise<Problem> => (await response.json()) as Problem,
    events,
    retries,
    all,
    raw: () => raw,
    close: () => abort.abort(),

    /** The first event that fits, already there or still to come. */
    until: (what: string, fits: (event: SeenEvent) => boolean): Promise<SeenEvent> =>
      wait(what, () => events.find(fits)),

    ended: (): Promise<true> => wait("the end", () => (hasEnded ? true : undefined)),

    snapshot: (): Promise<EventMap["conversation:init"]> =>
      wait("a snapshot", () => all("conversation:init")[0]),

    /** The finished answer to a question, whether it streams, comes whole or is in the snapshot. */
    answer: (question: string): Promise<Message> =>
      wait("an answer", () => {
        const messages = all("conversation:init").flatMap((snapshot) => snapshot.messages);
        const index = messages.findIndex(({ id }) => id === question);
        const settled = messages.slice(index + 1).find(({ role }) => role === "assistant");
        if (index >= 0 && settled) return settled;
        const whole = all("message:new").map(({ message }) => message);
        return (
          all("message:complete").map(({ message }) => message)[0] ??
          whole.find(({ role }) => role === "assistant")
        );
      }),
  };
}

/** The text that a stream's chunks tile, from its snapshot on, and whether without gap or overlap. */
export function tile(stream: Pick<EventStream, "all">): { text: string; isGapless: boolean } {
  let text = stream.all("conversation:init")[0]?.partial?.text ?? "";
  let isGapless = true;
  for (const { offset, text: piece } of stream.all("message:chunk")) {
    isGapless &&= offset === text.length;
    text += piece;
  }
  return { text, isGapless };
}

export const isIdle = (seen: SeenEvent): boolean =>
  seen.event === "conversation:state" && seen.data.state === "idle";

export const isChunk = (seen: SeenEvent): boolean => seen.event === "message:chunk";
