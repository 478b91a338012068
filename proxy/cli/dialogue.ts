/** A conversation with an agent, one question at a time, whatever the platform. */
import type { Message } from "../protocol.ts";

export type AnswerHandlers = {
  /** The next piece of the answer. */
  onText: (text: string) => void;
  /** Something happens that is no text, for example `uses search_articles`. */
  onNotice: (notice: string) => void;
};

export type Answer = {
  text: string;
  /** Names, in the order of their use. */
  tools: readonly string[];
  /** From here on a person answers. */
  isEscalated: boolean;
  /** Ended by the caller; the platform may go on. */
  isStopped: boolean;
};

export type Dialogue = {
  /** Null before the first question. */
  conversationId: () => string | null;
  /**
   * Resolves when the answer is told, and at once when `signal` aborts. Rejects with a `PlatformError`,
   * or with a `CommandError` when no answer comes.
   */
  ask: (question: string, handlers: AnswerHandlers, signal: AbortSignal) => Promise<Answer>;
  /** What the platform has kept of it: the newest page where it has pages. Rejects with a `PlatformError`. */
  history: () => Promise<Message[]>;
};

/** An agent that does nothing for so long will not answer. */
export const SILENCE_MS = 60_000;

/** What the agent has said since the newest question. */
export function answersIn(messages: readonly Message[]): string[] {
  const question = messages.findLastIndex(({ role }) => role === "user");
  return messages.slice(question + 1).map(({ content }) => content);
}

/** What is still on its way is told to nobody. */
export const unlessAborted =
  (tell: (text: string) => void, signal: AbortSignal) =>
  (text: string): void => {
    if (!signal.aborted) tell(text);
  };

/** Resolves with true as soon as `signal` aborts, with false when `work` is done before. */
export async function isStopped(work: Promise<void>, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onAbort = (): void => resolve(true);
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([work.then(() => signal.aborted), promise]);
  } catch (error) {
    // What breaks because it is stopped is no failure.
    if (signal.aborted) return true;
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
