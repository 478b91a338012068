/** Many viewers over a platform that breaks at random, and viewers that break off too: nothing may be lost. */
import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { call } from "../api.ts";
import { startChild } from "../child.ts";
import type { Print } from "../extent.ts";
import { formatMegabytes } from "../format.ts";
import { startReader, type Reader } from "../relay/reader/index.ts";
import type { Wish } from "../relay/source/answers.ts";
import type { SourceCounts } from "../relay/source/source.ts";
import { clock } from "../relay/stamps.ts";
import { enter, toSettings, type System } from "../relay/systems.ts";
import { renderTable } from "../table.ts";
import { startProxyProcess } from "./proxy-process.ts";

const CONVERSATIONS = 250;
const VIEWERS = 4;
/** Of each conversation's answers, which come one after the other. */
const PER_SECOND = 4;
const ANSWER_SECONDS = 8;
const PAUSE_MS = 4000;
/** Of all streams of the platform together. */
const BREAKS_PER_SECOND = 10;
/** Between two cuts of one viewer, on average. */
const CUT_SECONDS = 40;
/** After the last answer, what has not come by now is lost. */
const END_MS = 60_000;

type Soak = {
  system: Pick<System, "url" | "headers" | "toId">;
  reader: Reader;
  countAtSource: () => Promise<SourceCounts>;
  readHeap: () => Promise<number>;
};

export async function soak(minutes: number, print: Print): Promise<void> {
  const seed = Math.floor(Math.random() * 2 ** 31);
  print(`SOAK: ${minutes} minutes, seed ${seed}`);
  const source = await startChild("test/bench/relay/source/source.ts", [
    String(BREAKS_PER_SECOND),
    String(seed),
  ]);
  const secret = randomBytes(32).toString("hex");
  const proxy = await startProxyProcess(toSettings(source.url, secret));
  const reader = startReader();
  try {
    const run: Soak = {
      system: { url: proxy.url, ...(await enter(proxy.url, secret)) },
      reader,
      countAtSource: () => call({ url: source.url, headers: {} }, "/bench"),
      readHeap: proxy.readHeap,
    };
    print(await observe(run, minutes));
  } finally {
    await Promise.all([reader.end(), proxy.end(), source.end()]);
  }
}

async function observe(run: Soak, minutes: number): Promise<string> {
  const { system, reader } = run;
  const ids = Array.from({ length: CONVERSATIONS }, () => randomUUID());
  const toUrl = (id: string): string => `${system.url}/api/conversations/${system.toId(id)}/stream`;
  const urls = ids.flatMap((id) => Array.from({ length: VIEWERS }, () => toUrl(id)));
  await reader.open({ urls, headers: system.headers, cutSeconds: CUT_SECONDS });
  const heapAtStart = await run.readHeap();
  const until = Date.now() + minutes * 60_000;
  const halfway = sleep((minutes * 60_000) / 2).then(run.readHeap);
  const refusals = await Promise.all(ids.map((id) => converse(run, id, until)));
  const delivered = await readDelivered(run);
  const { chunks, breaks } = await run.countAtSource();
  const { snapshots, reconnects } = await reader.report();
  const heapAtEnd = await run.readHeap();
  const bySnapshot = snapshots - urls.length;
  const rows = Object.entries({
    "events of the platform": chunks,
    "events due to viewers": chunks * VIEWERS,
    delivered,
    lost: chunks * VIEWERS - delivered,
    "breaks of the platform": breaks,
    "viewers that came back": reconnects,
    "… resumed from the log": reconnects - bySnapshot,
    "… with a fresh snapshot": bySnapshot,
    "sends refused and repeated": refusals.reduce((total, count) => total + count, 0),
  }).map(([name, count]) => [name, count.toLocaleString("en")] as const);
  return renderTable(
    `${urls.length} viewers of ${ids.length} conversations`,
    ["", ""],
    [
      ...rows,
      ["heap after a full collection, at start, MB", formatMegabytes(heapAtStart)],
      ["… halfway", formatMegabytes(await halfway)],
      ["… at end", formatMegabytes(heapAtEnd)],
    ],
  );
}

/** Asks again and again. Resolves with how often a question was refused. */
async function converse({ system }: Soak, id: string, until: number): Promise<number> {
  let refusals = 0;
  await sleep(Math.random() * ANSWER_SECONDS * 1000);
  while (Date.now() < until) {
    const wish: Wish = { startAt: clock(), perSecond: PER_SECOND, seconds: ANSWER_SECONDS };
    const body = { content: JSON.stringify(wish), conversationId: system.toId(id) };
    const isTaken = await call(system, "/api/conversations/reply", body).then(
      () => true,
      () => false,
    );
    if (isTaken) await sleep(ANSWER_SECONDS * 1000);
    else refusals += 1;
    await sleep(Math.random() * PAUSE_MS);
  }
  return refusals;
}

async function readDelivered({ reader, countAtSource }: Soak): Promise<number> {
  const deadline = Date.now() + END_MS;
  for (;;) {
    const { chunks } = await countAtSource();
    const { delivered } = await reader.report();
    if (delivered >= chunks * VIEWERS || Date.now() > deadline) return delivered;
    await sleep(500);
  }
}
