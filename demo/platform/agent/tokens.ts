import { setTimeout as sleep } from "node:timers/promises";

/** Cuts text the way language models do: about four characters, words apart from punctuation. */
export function splitTokens(text: string): string[] {
  return text.match(/\s*(?:[\p{L}\p{M}\p{N}]{1,5}|[^\s\p{L}\p{M}\p{N}]{1,3})|\s+$/gu) ?? [];
}

/** Gives the tokens of a text at a slightly irregular rate, like somebody who thinks while writing. */
export async function* paceTokens(
  text: string,
  tokensPerSecond: number,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let due = performance.now();
  for (const token of splitTokens(text)) {
    due += (1000 / tokensPerSecond) * (0.5 + Math.random());
    const wait = due - performance.now();
    // Timers are no finer than a millisecond: at thousands a second several tokens share one.
    if (wait >= 1) await sleep(wait, undefined, { signal });
    yield token;
  }
}
