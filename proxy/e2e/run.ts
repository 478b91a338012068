/**
 * Plays scenarios side by side, with the results that they have one after the other. All of them share
 * one account's configuration: a setup therefore waits until everything before it has ended, and counts
 * for what follows.
 */
import { Interruption } from "../cli/errors.ts";
import { attempt, setUp, type Attempt, type Playing } from "./attempt.ts";
import { isFine, type Exchange } from "./exchange.ts";
import { judge, type Bar, type Result } from "./results.ts";
import type { Scenario } from "./scenario.ts";

export type RunOptions = Omit<Playing, "onAsk"> &
  Bar & {
    /** How many conversations go on at the same time. */
    parallel: number;
    onAsk: (scenario: Scenario, place: string) => void;
    /** As soon as a scenario is through; those that were interrupted come at the end. */
    onResult: (result: Result) => void;
  };

type Played = { scenario: Scenario; setup: Exchange[]; attempts: Attempt[] };

/** In the order of the scenarios. When `signal` aborts, it resolves with what is known. */
export async function runScenarios(
  scenarios: readonly Scenario[],
  options: RunOptions,
): Promise<Result[]> {
  const played = scenarios.map((scenario): Played => ({ scenario, setup: [], attempts: [] }));
  const results = new Map<Scenario, Result>();

  function conclude(one: Played): void {
    const result = { ...one, outcome: judge(one, options) };
    results.set(one.scenario, result);
    options.onResult(result);
  }

  try {
    for (const group of toGroups(played)) await playGroup(group, options, conclude);
  } catch (error) {
    if (!(error instanceof Interruption)) throw error;
  }
  for (const one of played) if (!results.has(one.scenario)) conclude(one);
  return scenarios.flatMap((scenario) => results.get(scenario) ?? []);
}

/** Each begins with a setup, but perhaps the first. */
function toGroups(played: readonly Played[]): Played[][] {
  const groups: Played[][] = [];
  for (const one of played) {
    const last = groups.at(-1);
    if (last && one.scenario.setup.length === 0) last.push(one);
    else groups.push([one]);
  }
  return groups;
}

async function playGroup(
  group: readonly Played[],
  options: RunOptions,
  conclude: (one: Played) => void,
): Promise<void> {
  const { repeat, parallel, onAsk } = options;
  const playing = (scenario: Scenario): Playing => ({
    ...options,
    onAsk: (place) => onAsk(scenario, place),
  });

  for (const one of group) one.setup = await setUp(one.scenario, playing(one.scenario));
  const ready = group.filter(({ setup }) => setup.every(isFine));
  for (const one of group) if (!ready.includes(one)) conclude(one);

  const tasks = ready.flatMap((one) =>
    Array.from({ length: repeat }, () => async (): Promise<void> => {
      one.attempts.push(await attempt(one.scenario, playing(one.scenario)));
      if (one.attempts.length === repeat) conclude(one);
    }),
  );
  await inParallel(tasks, parallel);
}

/** Resolves when all are done; begins none after one that rejects. */
async function inParallel(tasks: ReadonlyArray<() => Promise<void>>, limit: number): Promise<void> {
  const waiting = [...tasks];
  async function work(): Promise<void> {
    for (let task = waiting.shift(); task; task = waiting.shift()) await task();
  }
  const workers = Array.from({ length: Math.min(limit, tasks.length) }, () =>
    work().catch((error: unknown) => {
      waiting.length = 0;
      throw error;
    }),
  );
  const ended = await Promise.allSettled(workers);
  const broken = ended.find(({ status }) => status === "rejected");
  if (broken?.status === "rejected") throw broken.reason;
}
