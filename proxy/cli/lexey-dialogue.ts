/** A dialogue with Lexey, its customers' agent or its configuration agent: the answer comes to the question. */
import { setTimeout as wait } from "node:timers/promises";
import { readLexeyAnswer, type AnswerEnd } from "../platforms/lexey-answer.ts";
import type { LexeyClient } from "../platforms/lexey-client.ts";
import { toPage } from "../platforms/lexey-history.ts";
import {
  answersIn,
  isStopped,
  SILENCE_MS,
  unlessAborted,
  type AnswerHandlers,
  type Dialogue,
} from "./dialogue.ts";
import { CommandError } from "./errors.ts";
import { createTelling } from "./telling.ts";

/** How often is asked for what did not come. */
const POLL_MS = 1000;

type LexeyDialogueOptions = {
  client: LexeyClient;
  /** One to go on with. */
  conversationId: string | null;
};

export function createLexeyDialogue({ client, conversationId }: LexeyDialogueOptions): Dialogue {
  let current = conversationId;

  async function ask(question: string, handlers: AnswerHandlers, signal: AbortSignal) {
    let isEscalated = false;
    const telling = createTelling(unlessAborted(handlers.onText, signal));

    async function converse(): Promise<void> {
      current ??= await client.open();
      if (signal.aborted) return;
      const body = await client.post(current, question, signal);
      const end = await readLexeyAnswer(body, {
        stallMs: SILENCE_MS,
        onText: (text) => telling.apply({ type: "chunk", messageId: null, text }),
        onStatus(status) {
          if (status !== "escalated" || isEscalated) return;
          isEscalated = true;
          handlers.onNotice("a person takes over");
        },
      });
      if (signal.aborted) return;
      const mayBeSilent = isEscalated && telling.text() === "";
      if (!isWhole(end, telling.text()) && !mayBeSilent)
        telling.complete(await findAnswer(current, signal));
    }

    const hasStopped = await isStopped(converse(), signal);
    return { text: telling.text(), tools: [], isEscalated, isStopped: hasStopped };
  }

  /** What the history has after the question; Lexey may still be writing it. */
  async function findAnswer(id: string, signal: AbortSignal): Promise<string[]> {
    const deadline = Date.now() + SILENCE_MS;
    while (!signal.aborted && Date.now() < deadline) {
      const answers = answersIn(toPage(await client.history(id), {}).messages);
      if (answers.length > 0) return answers;
      await wait(POLL_MS, undefined, { signal });
    }
    throw new CommandError(
      "Lexey's answer broke off, and its history does not have it",
      "ask again",
    );
  }

  return {
    conversationId: () => current,
    ask,
    history: async () =>
      current === null ? [] : toPage(await client.history(current), {}).messages,
  };
}

/** False: the history has to be looked at. Throws a `CommandError` for an answer that has failed. */
function isWhole({ how, isWhole }: AnswerEnd, text: string): boolean {
  if (how === "failed") throw new CommandError("Lexey could not finish its answer", "ask again");
  return how === "done" && isWhole && text !== "";
}
