/** The tables of what visits have measured, and how they compare with the targets. */
import type { Work } from "./browser-page.ts";
import { formatNumber } from "./format.ts";
import { median } from "./statistics.ts";
import { renderTable, type Row } from "./table.ts";
import { renderTargets, type Target } from "./targets.ts";
import type { Answer, Load } from "./visits.ts";

export const TOKENS_PER_SECOND = 200;

/** What was measured, once in each round. */
export type Visits = {
  without: Load[];
  with: Load[];
  /** Milliseconds from click to input, without and with the mouse at rest there before. */
  cold: number[];
  warm: number[];
  /** Milliseconds from the click until a long conversation is on the screen. */
  restored: number[];
  answers: Answer[];
  /** After many earlier messages. */
  answersBehind: Answer[];
  /** On a page that only reads the stream. */
  plainAnswers: Answer[];
  requests: string[];
};

export function renderWidgetTables(visits: Visits): string[] {
  return [
    renderLoads(visits),
    renderOpening(visits),
    renderAnswers(visits),
    renderTargets("Targets, with proxy and platform on the same machine", toTargets(visits)),
  ];
}

function renderLoads(visits: Visits): string {
  const header: Row = ["", "first paint", "launcher painted", "task", "script", "layout", "style"];
  const toRow = (name: string, loads: readonly Load[]): Row => {
    const launchers = loads.flatMap(({ launcher }) => launcher ?? []);
    return [
      name,
      formatNumber(median(loads.map(({ firstPaint }) => firstPaint))),
      formatNumber(launchers.length > 0 ? median(launchers) : null),
      ...toWorkCells(loads),
    ];
  };
  return renderTable("The shop's page until it is at rest", header, [
    toRow("without the widget", visits.without),
    toRow("with it", visits.with),
  ]);
}

function renderOpening({ cold, warm, restored }: Visits): string {
  return renderTable(
    "From the click",
    ["", "ms"],
    [
      ["until the visitor can type, nothing loaded before", formatNumber(median(cold))],
      ["until the visitor can type, mouse over the launcher before", formatNumber(median(warm))],
      ["until 1,000 earlier messages are restored", formatNumber(median(restored))],
    ],
  );
}

function renderAnswers({ answers, answersBehind, plainAnswers }: Visits): string {
  const tokens = median(answers.map((answer) => answer.tokens));
  const header: Row = [
    "",
    "task",
    "script",
    "layout",
    "style",
    "% of time in frames > 50 ms",
    "longest frame",
    "on screen after the stream's end",
  ];
  const toRow = (name: string, answers: readonly Answer[]): Row => [
    name,
    ...toWorkCells(answers),
    formatNumber(100 * median(answers.map(({ longFrames }) => longFrames))),
    formatNumber(median(answers.map(({ longestFrame }) => longestFrame))),
    formatNumber(median(answers.map(({ lag }) => lag))),
  ];
  return renderTable(`An answer of ${tokens} tokens, ${TOKENS_PER_SECOND} a second`, header, [
    toRow("a page that only reads it", plainAnswers),
    toRow("the widget", answers),
    toRow("the widget, after 500 messages", answersBehind),
  ]);
}

function toWorkCells(measured: ReadonlyArray<{ work: Work }>): string[] {
  const fields = ["task", "script", "layout", "style"] as const;
  return fields.map((field) => formatNumber(median(measured.map(({ work }) => work[field]))));
}

/** Sums and medians, as the targets are put. */
export function toTargets(visits: Visits): Target[] {
  const blocked = (loads: readonly Load[]): number =>
    median(loads.map(({ longTasks }) => longTasks.length));
  return [
    {
      name: "long tasks before the click, beyond the page's own",
      value: blocked(visits.with) - blocked(visits.without),
      most: 0,
    },
    {
      name: "layout shift, beyond the page's own",
      value:
        Math.max(...visits.with.map(({ shift }) => shift)) -
        Math.max(...visits.without.map(({ shift }) => shift)),
      most: 0,
    },
    { name: "1,000 restored messages, ms", value: median(visits.restored), most: 300 },
    ...toAnswerTargets("an answer", visits.answers, visits.plainAnswers),
    ...toAnswerTargets("after 500 messages", visits.answersBehind, visits.plainAnswers),
  ];
}

function toAnswerTargets(name: string, answers: Answer[], plainAnswers: Answer[]): Target[] {
  const work = (answers: Answer[]): number => median(answers.map(({ work }) => work.task));
  return [
    {
      name: `${name}: % of time in frames > 50 ms`,
      value: 100 * median(answers.map(({ longFrames }) => longFrames)),
      most: 5,
    },
    {
      name: `${name}: on screen after the stream's end, ms`,
      value: median(answers.map(({ lag }) => lag)),
      most: 100,
    },
    {
      name: `${name}: main thread beyond a page that only reads, ms`,
      value: work(answers) - work(plainAnswers),
      most: 2500,
    },
  ];
}
