import type { Turn } from "./agent.ts";

/** What of the conversation a model gets: the latest messages, up to both bounds. */
const MAX_TURNS = 12;
const MAX_CHARACTERS = 8000;

/** The latest turns within both bounds; at least the last one, however long. */
export function latest(turns: Turn[]): Turn[] {
  let characters = 0;
  const recent = turns.slice(-MAX_TURNS);
  const first = recent.findLastIndex(
    ({ content }) => (characters += content.length) > MAX_CHARACTERS,
  );
  const start = Math.min(first + 1, recent.length - 1);
  return recent.slice(start).map(({ role, content }) => ({ role, content }));
}
