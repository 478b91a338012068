import { expect, test } from "vitest";
import { renderPeers, type Results } from "../../bench/peers.ts";
import type { Answer, Load } from "../../bench/visits.ts";
import { toTargets } from "../../bench/widget-tables.ts";

const work = { task: 0, script: 0, layout: 0, style: 0 };
const load: Load = { firstPaint: 1, launcher: 1, work, longTasks: [], shift: 0 };
const answer: Answer = { tokens: 2000, work, longFrames: 0, longestFrame: 17, lag: 20 };
const took = (task: number): Answer => ({ ...answer, work: { ...work, task } });

test("targets are compared with what the page itself takes", () => {
  const targets = toTargets({
    without: [{ ...load, longTasks: [60], shift: 0.1 }],
    with: [{ ...load, longTasks: [60, 70], shift: 0.1 }],
    cold: [1],
    warm: [1],
    restored: [200, 400, 250],
    answers: [{ ...took(7000), longFrames: 0.04 }],
    answersBehind: [took(8000)],
    plainAnswers: [took(5000)],
    requests: [],
  });
  expect(targets.map(({ value, most }) => [value, most])).toEqual([
    [1, 0],
    [0, 0],
    [250, 300],
    [4, 5],
    [20, 100],
    [2000, 2500],
    [0, 5],
    [20, 100],
    [3000, 2500],
  ]);
});

test("what peers took is the median of all rounds, and their work what is beyond reading alone", () => {
  const run = (taskMs: number) => ({ runs: [{ taskMs, stuckPct: 90, lagMs: 1000 }] });
  const load = (scriptMs: number, openMs: number) => ({
    runs: [{ launcherMs: 10 * scriptMs, scriptMs, tbtLoad: 0, openMs }],
  });
  const round = (taskMs: number): Results => ({
    "lex-chat": { load: load(taskMs / 100, 50), stream4x: run(taskMs) },
    "cf-snippet": { load: load(90, 200) },
    blank: { load: load(10, 0), stream4x: run(4000) },
    quikchat: { stream4x: { failed: "answer never completed" } },
  });
  const [rows = "", targets = ""] = renderPeers([round(5000), round(9000), round(6000)]);
  const cells = (table: string, name: string) =>
    table
      .split("\n")
      .find((line) => line.startsWith(name))
      ?.slice(name.length)
      .trim()
      .split(/\s+/) ?? [];
  expect(cells(rows, "lex-chat")).toEqual(
    ["600", "50.0", "0.00", "50.0", "90.0", "1,000", "2,000"].concat(Array(3).fill("n/a")),
  );
  expect(cells(rows, "quikchat")).toEqual(Array(10).fill("n/a"));
  expect(cells(targets, "launcher visible, of the sooner of the two lightest")).toEqual(
    "0.67 ≤ 1.00".split(" "),
  );
  expect(cells(targets, "script until then, of the lesser of the two lightest")).toEqual(
    "0.63 ≤ 0.50 missed".split(" "),
  );
  expect(cells(targets, "click to input, of the soonest other")).toEqual("0.25 ≤ 1.00".split(" "));
  expect(cells(targets, "an answer: % of time in frames > 50 ms")).toEqual(
    "90.0 ≤ 5.00 missed".split(" "),
  );
  expect(cells(targets, "after 500 messages: % of time in frames > 50 ms")).toEqual(
    "n/a ≤ 5.00 missed".split(" "),
  );
  const [, alone = ""] = renderPeers([{ "lex-chat": { load: load(50, 50) } }]);
  expect(cells(alone, "click to input, of the soonest other")).toEqual(
    "n/a ≤ 1.00 missed".split(" "),
  );
});
