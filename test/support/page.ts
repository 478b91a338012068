/** What a visitor's page shows: the widget's own reducer, fed by a stream that is followed across cuts. */
import { setTimeout as wait } from "node:timers/promises";
import type { Message } from "../../proxy/protocol.ts";
import { reduce } from "../../widget/state/reduce.ts";
import { emptyTranscript, type Transcript } from "../../widget/state/transcript.ts";
import { closeLater } from "./close-later.ts";
import { openStream, type EventStream } from "./event-stream.ts";

const WAIT_MS = 30_000;
const RECONNECT_MS = 50;

export type PageOptions = {
  /** Of the proxies; after each cut the next one is tried. */
  urls: readonly string[];
  origin: string;
  token: string;
  handle: string;
};

export type Page = {
  transcript: () => Transcript;
  /** What is on the screen of the platform's messages, in order. */
  messages: () => Array<Pick<Message, "role" | "content">>;
  /** Ids of the events that were applied, in order, the snapshots' among them. */
  ids: string[];
  connects: () => number;
  /** Cuts the connection; it resumes. */
  cut: () => void;
  until: <Result>(
    what: string,
    look: (page: Page) => Result | undefined | false,
  ) => Promise<Result>;
  close: () => void;
};

/** Follows at once, and until it is closed. */
export function openPage({ urls, origin, token, handle }: PageOptions): Page {
  const ids: string[] = [];
  let transcript: Transcript = emptyTranscript;
  let lastId: string | undefined;
  let connects = 0;
  let stream: EventStream | null = null;
  const closing = new AbortController();

  /** True when text is missing: only a snapshot helps. */
  function apply(events: EventStream["events"]): boolean {
    for (const event of events) {
      const next = reduce(transcript, event, () => undefined);
      if (next === "gap") return true;
      transcript = next;
      if (event.id === undefined) continue;
      lastId = event.id;
      ids.push(event.id);
    }
    return false;
  }

  async function followOnce(url: string): Promise<void> {
    const headers = { Origin: origin, Authorization: `Bearer ${token}`, "Last-Event-ID": lastId };
    const opened = await openStream(`${url}/api/conversations/${handle}/stream`, headers);
    stream = opened;
    connects += 1;
    let hasEnded = false;
    void opened.ended().then(
      () => (hasEnded = true),
      () => undefined,
    );
    while (!closing.signal.aborted) {
      if (apply(opened.events.splice(0))) {
        lastId = undefined;
        opened.close();
        return;
      }
      if (hasEnded) return;
      await wait(5);
    }
  }

  async function follow(): Promise<void> {
    for (let index = 0; !closing.signal.aborted; index += 1) {
      await followOnce(urls[index % urls.length] ?? "").catch(() => undefined);
      await wait(RECONNECT_MS);
    }
  }

  const page: Page = {
    transcript: () => transcript,
    messages: () => transcript.entries.map(({ role, content }) => ({ role, content })),
    ids,
    connects: () => connects,
    cut: () => stream?.close(),
    async until(what, look) {
      const deadline = Date.now() + WAIT_MS;
      while (Date.now() < deadline) {
        const result = look(page);
        if (result !== undefined && result !== false) return result;
        await wait(5);
      }
      throw new Error(`${what}: waited in vain. The page shows ${JSON.stringify(transcript)}`);
    },
    close() {
      closing.abort();
      stream?.close();
    },
  };
  closeLater(page.close);
  void follow();
  return page;
}

/** The agent's last answer, when it is finished. */
export function finishedAnswer(page: Page): string | undefined {
  const last = page.transcript().entries.at(-1);
  const isFinished = last?.role === "assistant" && !last.isStreaming;
  return isFinished && page.transcript().state === "idle" ? last.content : undefined;
}
