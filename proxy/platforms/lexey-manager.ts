/** Asks Lexey's configuration agent one question, in a conversation of its own. */
import { createLexeyClient } from "./lexey-client.ts";
import { readLexeyAnswer } from "./lexey-answer.ts";
import { PlatformError } from "./platform.ts";
import type { PlatformClientOptions } from "./request.ts";

/** Milliseconds without a byte after which an answer is given up. */
const STALL_MS = 60_000;

export type AskManager = (question: string, signal: AbortSignal) => Promise<string>;

/** The whole answer. Rejects with a `PlatformError` when there is none, or not all of it. */
export function createManager(options: PlatformClientOptions): AskManager {
  const client = createLexeyClient("management", options);
  return async (question, signal) => {
    const body = await client.post(await client.open(), question, signal);
    const texts: string[] = [];
    const { how } = await readLexeyAnswer(body, {
      onText: (text) => texts.push(text),
      onStatus: () => undefined,
      stallMs: STALL_MS,
    });
    if (how !== "done")
      throw new PlatformError("unavailable", `the configuration agent's answer is ${how}`);
    return texts.join("");
  };
}
