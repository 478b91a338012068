/** One system under one load. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { call } from "../api.ts";
import { startChild } from "../child.ts";
import { readBusyTime, readCpu, readMemory, type BusyTime } from "../usage.ts";
import type { Load, RelayExtent } from "./load.ts";
import { startReader, type Reader } from "./reader/index.ts";
import type { Wish } from "./source/answers.ts";
import type { SourceCounts } from "./source/source.ts";
import { clock } from "./stamps.ts";
import type { System, SystemKind } from "./systems.ts";

/** Streams that are opened and closed before memory is read: code that is loaded late is no viewer's. */
const TRIAL_STREAMS = 50;
/** From the sends to the first chunk. */
const LEAD_MS = 3000;
/** After the last chunk, what has not come by now is lost. */
const END_MS = 5000;

/** Null where it was not, or could not be, measured. Delays in milliseconds. */
export type Measured = {
  /** Microseconds for each chunk delivered to each viewer. */
  cpuPerEvent: number | null;
  delayP50: number | null;
  delayP99: number | null;
  /** Bytes. */
  memoryPerViewer: number | null;
  connections: number;
  lost: number | null;
  /** Of the machine's time, 0 to 1. */
  busy: number | null;
};

/** The platform's stream, read without anything in between. */
export const DIRECT: SystemKind = {
  name: "platform, read directly",
  start: (url) =>
    Promise.resolve({ url, pid: 0, headers: {}, toId: (id) => id, end: () => Promise.resolve() }),
};

type Run = { load: Load; extent: RelayExtent; system: System; reader: Reader; sourceUrl: string };

/** Null when the system is not installed. A fresh platform, system and reader each time. */
export async function measure(
  kind: SystemKind,
  load: Load,
  extent: RelayExtent,
): Promise<Measured | null> {
  const source = await startChild("test/bench/relay/source/source.ts", []);
  const reader = startReader();
  try {
    const system = await kind.start(source.url);
    if (system === null) return null;
    const run = { load, extent, system, reader, sourceUrl: source.url };
    return await measureSystem(run).finally(system.end);
  } finally {
    await Promise.all([reader.end(), source.end()]);
  }
}

async function measureSystem(run: Run): Promise<Measured> {
  const { load, system, reader } = run;
  const restMs = run.extent.restSeconds * 1000;
  const createIds = (count: number): string[] => Array.from({ length: count }, () => randomUUID());
  await openViewers(run, createIds(TRIAL_STREAMS));
  await reader.close();
  await sleep(restMs);

  const before = readMemory(system.pid);
  const ids = createIds(load.conversations);
  const viewers = load.conversations * load.viewers;
  await openViewers(
    run,
    ids.flatMap((id) => Array.from({ length: load.viewers }, () => id)),
  );
  await sleep(restMs);
  const measured = load.perSecond === 0 ? await rest(run) : await stream(run, ids);
  const after = readMemory(system.pid);
  const memoryPerViewer = before && after && (after.resident - before.resident) / viewers;
  return { ...measured, memoryPerViewer };
}

async function openViewers({ reader, system }: Run, ids: readonly string[]): Promise<void> {
  const urls = ids.map((id) => `${system.url}/api/conversations/${system.toId(id)}/stream`);
  const { open, lastEnd } = await reader.open({ urls, headers: system.headers });
  if (open !== ids.length) throw new Error(`${open} of ${ids.length} streams are open: ${lastEnd}`);
}

const countAtSource = ({ sourceUrl }: Run): Promise<SourceCounts> =>
  call({ url: sourceUrl, headers: {} }, "/bench");

type Streamed = Omit<Measured, "memoryPerViewer">;

async function rest(run: Run): Promise<Streamed> {
  const { connections } = await countAtSource(run);
  const nothing = { cpuPerEvent: null, delayP50: null, delayP99: null, lost: null, busy: null };
  return { ...nothing, connections };
}

async function stream(run: Run, ids: readonly string[]): Promise<Streamed> {
  const { extent, load, reader, system } = run;
  const seconds = extent.warmUpSeconds + extent.seconds;
  const startAt = clock() + LEAD_MS * 1000;
  await ask(run, ids, { startAt, seconds });
  await sleepUntil(startAt + extent.warmUpSeconds * 1e6);
  const first = { ...(await reader.mark()), cpu: readCpu(system.pid), busy: readBusyTime() };
  await sleepUntil(startAt + (seconds - 0.2) * 1e6);
  const last = { ...(await reader.report()), cpu: readCpu(system.pid), busy: readBusyTime() };
  const { connections } = await countAtSource(run);
  const expected = load.conversations * load.viewers * Math.floor(load.perSecond * seconds);
  const cpu = first.cpu === null || last.cpu === null ? null : last.cpu - first.cpu;
  return {
    cpuPerEvent: cpu && (1000 * cpu) / (last.delivered - first.delivered),
    delayP50: last.delayP50,
    delayP99: last.delayP99,
    connections,
    lost: expected - (await readDelivered(reader, expected)),
    busy: toBusyShare(first.busy, last.busy),
  };
}

/** One question in each conversation. Their answers begin one after the other, spread over one interval. */
async function ask(
  { system, load }: Run,
  ids: readonly string[],
  { startAt, seconds }: Pick<Wish, "startAt" | "seconds">,
): Promise<void> {
  const { perSecond } = load;
  const asked = ids.map((id, index) => {
    const phase = (1e6 / perSecond) * (index / ids.length);
    const wish: Wish = { startAt: startAt + phase, perSecond, seconds };
    const body = { content: JSON.stringify(wish), conversationId: system.toId(id) };
    return call(system, "/api/conversations/reply", body);
  });
  await Promise.all(asked);
  if (clock() > startAt) throw new Error("the machine was too slow to ask all questions in time");
}

/** Waits for what is still under way. */
async function readDelivered(reader: Reader, expected: number): Promise<number> {
  const deadline = clock() + END_MS * 1000;
  for (;;) {
    const { delivered } = await reader.report();
    if (delivered >= expected || clock() > deadline) return delivered;
    await sleep(50);
  }
}

const sleepUntil = (at: number): Promise<void> => sleep(Math.max(0, (at - clock()) / 1000));

function toBusyShare(first: BusyTime | null, last: BusyTime | null): number | null {
  return first && last && (last.busy - first.busy) / (last.total - first.total);
}
