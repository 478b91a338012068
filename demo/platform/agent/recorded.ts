import type { AnswerRecord } from "../storage/answers.ts";
import type { Agent, Step } from "./agent.ts";

/** Long questions are recorded by their beginning. */
const MAX_CHARACTERS = 500;

/** An agent whose answers in a conversation are recorded when they have ended, for the analytics. */
export function recorded(
  agent: Agent,
  conversation: string,
  add: (record: AnswerRecord) => void,
): Agent {
  return async function* answer(turns, signal): AsyncGenerator<Step> {
    const start = performance.now();
    const question = (turns.at(-1)?.content ?? "").slice(0, MAX_CHARACTERS);
    const record: AnswerRecord = {
      conversation,
      question,
      isUnanswered: false,
      isEscalation: false,
      firstTokenMs: null,
    };
    try {
      for await (const step of agent(turns, signal)) {
        if (step.type === "text") record.firstTokenMs ??= performance.now() - start;
        if (step.type === "unanswered") record.isUnanswered = true;
        if (step.type === "escalate") record.isEscalation = true;
        yield step;
      }
    } finally {
      // Aborted: the platform ends, and its storage with it.
      if (!signal.aborted) add(record);
    }
  };
}
