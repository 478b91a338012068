/** The stand-in platform: what the benchmarks count has to be there, in order and at its time. */
import { afterEach, expect, test, vi } from "vitest";
import { createAnswers, type Wish } from "../../bench/relay/source/answers.ts";
import { clock, readStamps, type Stamp } from "../../bench/relay/stamps.ts";

const closers: Array<() => void> = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

function start() {
  const events: Array<{ event: string; data: object; at: number }> = [];
  const answers = createAnswers((_conversation, event, data) =>
    events.push({ event, data, at: clock() }),
  );
  closers.push(answers.close);
  const conversation = answers.find("c1");
  const textOf = (name: string): string =>
    events.flatMap(({ event, data }) => (event === name ? Object.values(data) : [])).join("\n");
  const until = (name: string): Promise<void> =>
    vi.waitFor(() => expect(events.map(({ event }) => event)).toContain(name));
  return { answers, conversation, events, textOf, until };
}

const wish = (startAt: number): string =>
  JSON.stringify({ startAt, perSecond: 1000, seconds: 0.05 } satisfies Wish);

function numbersIn(text: string): number[] {
  const stamps: Stamp[] = [];
  readStamps(text, (stamp) => stamps.push(stamp));
  return stamps.map(({ number }) => number);
}

test("an answer is the chunks that were wished for, and ends with their text", async () => {
  const { answers, conversation, textOf, until } = start();
  answers.ask(conversation, wish(clock()));
  await until("message:complete");
  const numbers = Array.from({ length: 50 }, (_, number) => number);

  expect(numbersIn(textOf("message:chunk"))).toEqual(numbers);
  expect(numbersIn(textOf("message:complete"))).toEqual(numbers);
  expect(answers.countChunks()).toBe(50);
});

test("no chunk comes before its time", async () => {
  const { answers, conversation, events, until } = start();
  const startAt = clock() + 20_000;
  answers.ask(conversation, wish(startAt));
  await until("message:complete");
  const chunks = events.filter(({ event }) => event === "message:chunk");

  for (const [index, { at }] of chunks.entries())
    expect(at).toBeGreaterThanOrEqual(startAt + (index + 1) * 1000);
});

test("the chunks of a conversation are counted through its answers", async () => {
  const { answers, conversation, textOf, until } = start();
  answers.ask(conversation, wish(clock()));
  await until("message:complete");
  answers.ask(conversation, wish(clock()));
  await vi.waitFor(() => expect(answers.countChunks()).toBe(100));

  expect(numbersIn(textOf("message:chunk")).at(-1)).toBe(99);
});

test("while an answer is under way no other message is taken", () => {
  const { answers, conversation } = start();

  expect(answers.ask(conversation, wish(clock()))).not.toBeNull();
  expect(answers.ask(conversation, wish(clock()))).toBeNull();
});
