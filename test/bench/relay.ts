/** What stands between the platform and a page: how much later tokens come, and what that costs. */
import { createArticleFolder } from "./article.ts";
import type { Extent, Print } from "./extent.ts";
import { measureExchange, type Exchange, type Scenario } from "./exchange.ts";
import { formatMegabytes } from "./format.ts";
import { RELAY_HEADER, toRelayRow } from "./relay-row.ts";
import { rotate } from "./statistics.ts";
import { startSystems, type Systems } from "./systems.ts";
import { renderTable, type Row } from "./table.ts";
import { readMemory, type Memory } from "./usage.ts";

const TOKENS_PER_SECOND = 500;
/** Time for sockets to close and for the collector to notice, before "after" is read. */
const REST_MS = 1500;

const WARM_UP: Scenario = { title: "warm-up", conversations: 20, viewers: 2 };
const SCENARIOS: readonly Scenario[] = [
  { title: "1 conversation, 1 viewer", conversations: 1, viewers: 1 },
  { title: "1 conversation, 10 viewers", conversations: 1, viewers: 10 },
  { title: "1 conversation, 100 viewers", conversations: 1, viewers: 100 },
  { title: "50 conversations at the same time, 1 viewer each", conversations: 50, viewers: 1 },
];

export async function benchRelay({ rounds, tokens }: Extent, print: Print): Promise<void> {
  const articles = createArticleFolder(tokens);
  const options = { articlesFolder: articles.path, tokensPerSecond: TOKENS_PER_SECOND };
  try {
    const systems = await startSystems(options);
    await compareAll(systems, rounds, print).finally(systems.close);
  } finally {
    articles.remove();
  }
}

async function compareAll(run: Systems, rounds: number, print: Print): Promise<void> {
  // Compiled and connected before anything counts.
  const warmUp = await runRounds(run, WARM_UP, 1);
  const tokens = warmUp[0]?.[0]?.tokens;
  print(
    `RELAY: median of ${rounds}; answers of ${tokens} tokens, ${TOKENS_PER_SECOND} a second; milliseconds since the send`,
  );
  const before = readMemories(run);
  for (const scenario of SCENARIOS) {
    const [baseline = [], ...others] = await runRounds(run, scenario, rounds);
    const rows = [baseline, ...others].map((exchanges, index) =>
      toRelayRow(run.systems[index]?.name ?? "", { exchanges, baseline, scenario }),
    );
    print(renderTable(scenario.title, RELAY_HEADER, rows));
  }
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  print(renderMemory(run, before));
}

/** All systems in turn, round by round: what else the machine does meets all of them. */
async function runRounds(
  { systems, platformPid }: Systems,
  scenario: Scenario,
  rounds: number,
): Promise<Exchange[][]> {
  const exchanges: Exchange[][] = systems.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, system] of rotate([...systems.entries()], round)) {
      exchanges[index]?.push(await measureExchange(system, platformPid, scenario));
    }
  }
  return exchanges;
}

function readMemories({ systems }: Systems): Array<Memory | null> {
  return systems.map(({ pid }) => (pid === null ? null : readMemory(pid)));
}

function renderMemory(run: Systems, before: readonly (Memory | null)[]): string {
  const after = readMemories(run);
  const rows = run.systems.flatMap(({ name, pid }, index): Row[] => {
    const values = [before[index]?.resident, after[index]?.peak, after[index]?.resident];
    return pid === null ? [] : [[name, ...values.map((bytes) => formatMegabytes(bytes ?? null))]];
  });
  return renderTable("Memory of each process, MB", ["", "before", "peak", "after"], rows);
}
