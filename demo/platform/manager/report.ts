import type { Store } from "../storage/store.ts";
import { describePeriod, toInterval, type Period } from "./period.ts";

/** So many unanswered questions are shown, those first that were asked most often. */
const SHOWN_QUESTIONS = 5;
const SHOWN_CHARACTERS = 120;

/** Counts what an account's customers and agent did, in Markdown. */
export function createReport(
  answers: Pick<Store["answers"], "count">,
  account: string,
  now: () => Date = () => new Date(),
): (period: Period) => string {
  return (period) => {
    const { from, until } = toInterval(period, now());
    const counts = answers.count(account, {
      from: from.toISOString(),
      until: until.toISOString(),
    });
    const { conversations, messages, escalations, unanswered, firstTokenMs } = counts;
    if (messages === 0)
      return `There was no conversation in this time (${describePeriod(period)}).`;
    const lines = [
      ["Conversations", conversations],
      ["Messages", messages],
      ["Escalations", escalations],
      ["Unanswered questions", unanswered.length],
      ["Time to the first word, median", describeMs(quantile(firstTokenMs, 0.5))],
      ["Time to the first word, p95", describeMs(quantile(firstTokenMs, 0.95))],
    ].map(([name, value]) => `- ${name}: **${value}**`);
    const head = capitalise(`${describePeriod(period)}:`);
    return [head, lines.join("\n"), describeUnanswered(unanswered)].filter(Boolean).join("\n\n");
  };
}

function describeUnanswered(questions: string[]): string {
  const counts = new Map<string, { question: string; count: number }>();
  for (const question of questions) {
    const key = question
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
    const known = counts.get(key);
    counts.set(key, { question: known?.question ?? question, count: (known?.count ?? 0) + 1 });
  }
  const most = [...counts.values()].sort((one, other) => other.count - one.count);
  const lines = most
    .slice(0, SHOWN_QUESTIONS)
    .map(({ question, count }) => `- ${shorten(question)}${count > 1 ? ` (${count}×)` : ""}`);
  return lines.length > 0 ? `What it could not answer:\n\n${lines.join("\n")}` : "";
}

function shorten(question: string): string {
  const line = question.replace(/\s+/g, " ").trim();
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS - 1)}…` : line;
}

/** By nearest rank; null of nothing. */
export function quantile(values: number[], share: number): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

function describeMs(milliseconds: number | null): string {
  if (milliseconds === null) return "–";
  return milliseconds < 1000
    ? `${Math.round(milliseconds)} ms`
    : `${(milliseconds / 1000).toFixed(1)} s`;
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
