/** Other chat widgets beside this one, by a bench of its own that `PEER_BENCH` names. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Print } from "./extent.ts";
import { formatNumber } from "./format.ts";
import { median } from "./statistics.ts";
import { renderTable, type Row } from "./table.ts";

const ENTRY = fileURLToPath(new URL("peer-bench.mjs", import.meta.url));
/** This widget, the two lightest others, and a page that only reads the stream. */
const IDS = ["lex-chat", "cf-snippet-chat", "quikchat", "blank"];
const PHASES = { load: "load", stream4x: "stream", long4x: "long" };

type Phase = keyof typeof PHASES;
type Run = Record<string, number | null>;
/** What the bench writes: a phase is missing, or says why it failed. */
export type Results = Record<string, Partial<Record<Phase, { runs?: Run[]; failed?: string }>>>;
/** All runs of each widget. */
type Runs = Record<string, Record<Phase, Run[]>>;

/** Measures all of them `rounds` times, one after the other in each round. */
export async function comparePeers(folder: string, rounds: number, print: Print): Promise<void> {
  const all: Results[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const phases = Object.values(PHASES).join();
    const flags = ["--phase", phases, "--rates", "4", "--runs", "1", "--stream-runs", "1"];
    const entry = ["--add", ENTRY, "--only", IDS.join()];
    execFileSync(process.execPath, ["bench.mjs", ...entry, ...flags], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    all.push(JSON.parse(readFileSync(join(folder, "results", "results.json"), "utf8")) as Results);
  }
  print(renderPeers(all));
}

/** `all`: what each round has measured. */
export function renderPeers(all: readonly Results[]): string {
  const runs: Runs = Object.fromEntries(
    IDS.map((id) => [id, { load: [], stream4x: [], long4x: [] }]),
  );
  for (const results of all) {
    for (const id of IDS) {
      for (const phase of Object.keys(PHASES) as Phase[]) {
        runs[id]?.[phase].push(...(results[id]?.[phase]?.runs ?? []));
      }
    }
  }
  const value = (id: string, phase: Phase, field: string): number | null => {
    const values = runs[id]?.[phase].flatMap((run) => run[field] ?? []) ?? [];
    return values.length > 0 ? median(values) : null;
  };
  const work = (id: string, phase: Phase): number | null => {
    const [own, least] = [value(id, phase, "taskMs"), value("blank", "stream4x", "taskMs")];
    return own === null || least === null ? null : own - least;
  };
  const toRow = (id: string): Row => [
    id,
    ...["launcherMs", "scriptMs", "tbtLoad", "openMs"].map((field) =>
      formatNumber(value(id, "load", field)),
    ),
    ...(["stream4x", "long4x"] as const).flatMap((phase) => [
      formatNumber(value(id, phase, "stuckPct")),
      formatNumber(value(id, phase, "lagMs")),
      formatNumber(work(id, phase)),
    ]),
  ];
  const header: Row = [
    "",
    "launcher",
    "script",
    "blocked",
    "click to input",
    "% long frames",
    "complete after",
    "work",
    "500: %",
    "complete after",
    "work",
  ];
  return renderTable(
    `Beside other widgets, median of ${all.length}; work beyond a page that only reads`,
    header,
    IDS.map(toRow),
  );
}
