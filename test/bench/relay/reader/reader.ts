/** The viewers, all in this process: opens streams and tells what arrived when. Its orders come by IPC. */
import { createDelays } from "./delays.ts";
import { openEventStream } from "./event-stream.ts";
import { clock, readStamps } from "../stamps.ts";
import type { OpenOrder, Order, Report } from "./orders.ts";

/** So many are opened at the same time. */
const OPENING_AT_ONCE = 20;
const RECONNECT_MS = 500;

const delays = createDelays();
const closers = new Set<() => void>();
let isClosing = false;
const counts = { delivered: 0, open: 0, snapshots: 0, reconnects: 0 };
let lastEnd: string | null = null;

type Viewer = {
  url: URL;
  headers: Record<string, string>;
  /** Number of the next chunk: what lies behind a gap does not count until the gap is filled. */
  next: number;
  lastEventId: string | null;
};

function read(viewer: Viewer, frames: string): void {
  const now = clock();
  readStamps(frames, ({ number, at }) => {
    if (number !== viewer.next) return;
    viewer.next += 1;
    counts.delivered += 1;
    delays.add((now - at) / 1000);
  });
  if (frames.includes("event: conversation:init\n")) counts.snapshots += 1;
  const id = frames.lastIndexOf("id: ");
  if (id >= 0) viewer.lastEventId = frames.slice(id + 4, frames.indexOf("\n", id));
}

/** Resolves when the stream is open or has failed. Connects again, as a browser would, where cuts are made. */
function open(viewer: Viewer, cutSeconds?: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const resume = viewer.lastEventId === null ? {} : { "last-event-id": viewer.lastEventId };
  let isOpen = false;
  let cutTimer: NodeJS.Timeout | undefined;

  function leave(): void {
    clearTimeout(cutTimer);
    closers.delete(close);
    if (isOpen) counts.open -= 1;
    resolve();
    if (cutSeconds === undefined || isClosing) return;
    counts.reconnects += 1;
    setTimeout(() => void open(viewer, cutSeconds), Math.random() * RECONNECT_MS);
  }

  const disconnect = openEventStream({
    url: viewer.url,
    headers: { ...viewer.headers, ...resume },
    onOpen() {
      isOpen = true;
      counts.open += 1;
      resolve();
    },
    onFrames: (frames) => read(viewer, frames),
    onEnd(reason) {
      lastEnd = reason;
      leave();
    },
  });
  const close = (): void => {
    disconnect();
    leave();
  };
  closers.add(close);
  if (cutSeconds !== undefined) cutTimer = setTimeout(close, Math.random() * 2000 * cutSeconds);
  return promise;
}

async function openAll({ urls, headers, cutSeconds }: OpenOrder): Promise<void> {
  const waiting = urls.values();
  const worker = async (): Promise<void> => {
    for (const url of waiting) {
      await open({ url: new URL(url), headers, next: 0, lastEventId: null }, cutSeconds);
    }
  };
  await Promise.all(Array.from({ length: OPENING_AT_ONCE }, worker));
}

const report = (): Report => ({
  ...counts,
  delayP50: delays.quantile(0.5),
  delayP99: delays.quantile(0.99),
  lastEnd,
});

async function follow(order: Order): Promise<void> {
  if (order.order === "open") await openAll(order);
  if (order.order === "mark") delays.clear();
  if (order.order === "close") {
    isClosing = true;
    for (const close of closers) close();
  }
  process.send?.(report());
}

process.on("message", (order: Order) => void follow(order));
process.on("disconnect", () => process.exit());
