import { expect, test } from "vitest";
import type { PlatformEvent } from "../../../proxy/platforms/platform.ts";
import { createGate } from "../../../proxy/relay/gate.ts";
import { chunk, saved } from "./translating.ts";

function start() {
  const passed: PlatformEvent[] = [];
  const gate = createGate((event) => passed.push(event));
  /** A send that ends when the test says so. */
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = gate.holdWhile(() => promise);
    return async (): Promise<void> => {
      resolve();
      await done;
    };
  };
  return { ...gate, passed, hold };
}

test("events pass as they come while nothing is sent", () => {
  const { receive, passed } = start();
  receive(chunk("m1", "a"));

  expect(passed).toEqual([chunk("m1", "a")]);
});

test("events wait for the last of the sends, and keep their order", async () => {
  const { receive, passed, hold } = start();
  const [endFirst, endSecond] = [hold(), hold()];
  receive(chunk("m1", "a"));
  receive(chunk("m1", "b"));
  await endFirst();
  expect(passed).toEqual([]);
  await endSecond();

  expect(passed).toEqual([chunk("m1", "a"), chunk("m1", "b")]);
});

test("a send that fails lets them pass too", async () => {
  const { receive, passed, holdWhile } = start();
  const failed = holdWhile(async () => {
    receive(chunk("m1", "a"));
    throw new Error("refused");
  });
  await expect(failed).rejects.toThrow("refused");

  expect(passed).toHaveLength(1);
});

test.each([
  ["by its id", "u1", "other words"],
  ["by its text, when the platform named none", null, "Hi?"],
])("the event of what was just sent is taken out %s", async (_name, id, content) => {
  const { receive, passed, hold, takeEcho } = start();
  const end = hold();
  receive(saved("user", "u1", "Hi?"));
  receive(chunk("m1", "a"));
  expect(takeEcho(content, id)).toMatchObject({ id: "u1", content: "Hi?" });
  await end();

  expect(passed).toEqual([chunk("m1", "a")]);
});

test.each([
  ["many", 6000, "a"],
  ["long", 20, "a".repeat(300_000)],
])("too %s to be held, they pass in their order", async (_name, count, text) => {
  const { receive, passed, hold } = start();
  const end = hold();
  for (let number = 0; number < count; number += 1) receive(chunk(`m${number}`, text));
  expect(passed).toHaveLength(count);
  expect(passed.map((event) => "messageId" in event && event.messageId)).toEqual(
    Array.from({ length: count }, (_, number) => `m${number}`),
  );
  await end();
  const endNext = hold();
  receive(chunk("next", "a"));
  expect(passed).toHaveLength(count);
  await endNext();
});
