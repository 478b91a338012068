import { expect, test } from "vitest";
import { createListeners } from "../../../proxy/platforms/lexey-listeners.ts";
import type { PlatformEvent } from "../../../proxy/platforms/platform.ts";

const THINKING: PlatformEvent = { type: "state", state: "thinking" };

function listen() {
  const listeners = createListeners();
  const start = (id: string, abort = new AbortController()) => {
    const events: PlatformEvent[] = [];
    const handlers = {
      onOpen: () => undefined,
      onActivity: () => undefined,
      onEvent: (event: PlatformEvent) => void events.push(event),
    };
    return { events, abort, end: listeners.listen(id, handlers, abort.signal) };
  };
  return { listeners, start };
}

test("everybody who follows a conversation is told, and nobody else", () => {
  const { listeners, start } = listen();
  const [one, two, other] = [start("c1"), start("c1"), start("c2")];
  listeners.tell("c1", THINKING);
  expect([one.events, two.events, other.events]).toEqual([[THINKING], [THINKING], []]);
});

test("who leaves hears nothing more", async () => {
  const { listeners, start } = listen();
  const { events, abort, end } = start("c1");
  abort.abort();
  await end;
  listeners.tell("c1", THINKING);
  expect(events).toEqual([]);
});

test("who has left before is not waited for", async () => {
  const abort = new AbortController();
  abort.abort();
  await expect(listen().start("c1", abort).end).resolves.toBeUndefined();
});

test("what can't be told any more ends them with its error, and who comes later is told again", async () => {
  const { listeners, start } = listen();
  const broken = start("c1");
  listeners.fail("c1", new Error("broke off"));
  await expect(broken.end).rejects.toThrow("broke off");
  const later = start("c1");
  listeners.tell("c1", THINKING);
  expect(later.events).toEqual([THINKING]);
  expect(broken.events).toEqual([]);
});
