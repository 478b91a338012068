import { pino } from "pino";
import { expect, test } from "vitest";
import { createLexeyAnswers } from "../../../proxy/platforms/lexey-answers.ts";
import { createListeners } from "../../../proxy/platforms/lexey-listeners.ts";
import { createNotes } from "../../../proxy/platforms/lexey-notes.ts";

const never = (): Promise<never> => Promise.reject(new Error("nothing is asked"));

/** An answer of which nothing comes, until it is destroyed. */
function createSilence() {
  const { promise, reject } = Promise.withResolvers<void>();
  return { read: () => promise, destroy: (error?: Error) => reject(error) };
}

test.each([
  ["that is read", 0],
  ["that begins in the same moment", 1],
])("the end of the proxy ends an answer %s", async (_when, abortFirst) => {
  const ending = new AbortController();
  const answers = createLexeyAnswers({
    client: { open: never, post: never, history: never },
    listeners: createListeners(),
    notes: createNotes(),
    stallMs: 3_600_000,
    logger: pino({ level: "silent" }),
    signal: ending.signal,
  });
  if (abortFirst) ending.abort();
  const followed = answers.follow("c1", 0, createSilence());
  ending.abort();
  await followed;
  expect(answers.soFar("c1")).toBeNull();
});
