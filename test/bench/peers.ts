/** Other chat widgets beside this one, by a bench of its own that `PEER_BENCH` names. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Print } from "./extent.ts";
import { formatNumber } from "./format.ts";
import { median } from "./statistics.ts";
import { renderTable, type Row } from "./table.ts";
import { renderTargets, type Target } from "./targets.ts";

const ENTRY = fileURLToPath(new URL("peer-bench.mjs", import.meta.url));
/** The two lightest others that have a launcher and a panel. */
const LIGHTEST = ["cf-snippet-chat", "cf-snippet"];
/** And the barest, and the one that opens soonest. */
const OTHERS = [...LIGHTEST, "quikchat", "ocs-widget"];
/** This widget, others, and a page that only reads the stream. */
const IDS = ["lex-chat", ...OTHERS, "blank"];
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
    const flags = ["--phase", phases, "--rates", "4", "--runs", "3", "--stream-runs", "1"];
    const entry = ["--add", ENTRY, "--only", IDS.join()];
    execFileSync(process.execPath, ["bench.mjs", ...entry, ...flags], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    all.push(JSON.parse(readFileSync(join(folder, "results", "results.json"), "utf8")) as Results);
  }
  for (const table of renderPeers(all)) print(table);
}

/** `all`: what each round has measured. */
export function renderPeers(all: readonly Results[]): string[] {
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
  const value: Value = (id, phase, field) => {
    const values = runs[id]?.[phase].flatMap((run) => run[field] ?? []) ?? [];
    return values.length > 0 ? median(values) : Number.NaN;
  };
  return [renderRows(value, all.length), renderPeerTargets(value)];
}

/** The median of a field; NaN where it was not measured. */
type Value = (id: string, phase: Phase, field: string) => number;

/** What a widget takes beyond the page that has none and reads the same stream. */
function beyondBlank(value: Value, id: string, phase: Phase, field: string): number {
  return value(id, phase, field) - value("blank", phase === "load" ? phase : "stream4x", field);
}

function renderRows(value: Value, rounds: number): string {
  const toRow = (id: string): Row => [
    id,
    formatNumber(value(id, "load", "launcherMs")),
    formatNumber(beyondBlank(value, id, "load", "scriptMs")),
    formatNumber(value(id, "load", "tbtLoad")),
    formatNumber(value(id, "load", "openMs")),
    ...(["stream4x", "long4x"] as const).flatMap((phase) => [
      formatNumber(value(id, phase, "stuckPct")),
      formatNumber(value(id, phase, "lagMs")),
      formatNumber(beyondBlank(value, id, phase, "taskMs")),
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
    `Beside other widgets, median of ${rounds}; script and work beyond a page that only reads`,
    header,
    IDS.map(toRow),
  );
}

function renderPeerTargets(value: Value): string {
  const own = (phase: Phase, field: string): number => value("lex-chat", phase, field);
  const least = (values: number[]): number => {
    const measured = values.filter((value) => Number.isFinite(value));
    return measured.length > 0 ? Math.min(...measured) : Number.NaN;
  };
  const script = (id: string) => beyondBlank(value, id, "load", "scriptMs");
  const targets: Target[] = [
    {
      name: "launcher visible, of the sooner of the two lightest",
      value:
        own("load", "launcherMs") / least(LIGHTEST.map((id) => value(id, "load", "launcherMs"))),
      most: 1,
    },
    {
      name: "script until then, of the lesser of the two lightest",
      value: script("lex-chat") / least(LIGHTEST.map(script)),
      most: 0.5,
    },
    { name: "blocked before the click, ms", value: own("load", "tbtLoad"), most: 0 },
    {
      name: "click to input, of the soonest other",
      value: own("load", "openMs") / least(OTHERS.map((id) => value(id, "load", "openMs"))),
      most: 1,
    },
    ...(["stream4x", "long4x"] as const).flatMap((phase): Target[] => {
      const name = phase === "stream4x" ? "an answer" : "after 500 messages";
      return [
        { name: `${name}: % of time in frames > 50 ms`, value: own(phase, "stuckPct"), most: 5 },
        {
          name: `${name}: on screen after the stream's end, ms`,
          value: own(phase, "lagMs"),
          most: 100,
        },
        {
          name: `${name}: main thread beyond a page that only reads, ms`,
          value: beyondBlank(value, "lex-chat", phase, "taskMs"),
          most: 2500,
        },
      ];
    }),
  ];
  return renderTargets("Targets, beside other widgets", targets);
}
