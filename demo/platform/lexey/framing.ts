import type { Breaks } from "../breaks.ts";

/** What follows an answer. */
export const DONE = "[DONE]";

/** One event of the streaming guide: an `id:` line, one `data:` line, a blank line. */
export function frame(number: number, data: string, ids: Breaks["ids"]): string {
  if (ids === "missing") return `data: ${data}\n\n`;
  const shown = ids === "rising" ? number : swapped(number);
  return `id: ${shown}\ndata: ${data}\n\n`;
}

/** 2, 1, 4, 3, … */
function swapped(number: number): number {
  return number % 2 === 1 ? number + 1 : number - 1;
}
