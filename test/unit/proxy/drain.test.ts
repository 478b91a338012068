import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { drain, type DrainOptions } from "../../../proxy/relay/drain.ts";

// Waiting follows the clock of the test.
vi.mock("node:timers/promises", () => ({
  setTimeout: (milliseconds: number) =>
    new Promise((resolve) => void setTimeout(resolve, milliseconds)),
}));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Drains conversations, of which those in `busy` are not ready to end. */
function start(
  ids: readonly string[],
  busy: readonly string[],
  options: Partial<DrainOptions> = {},
) {
  const open = new Set(ids);
  const answering = new Set(busy);
  const ended: string[] = [];
  const retries: number[] = [];
  let isDone = false;
  const draining = drain({
    deadlineMs: 1000,
    ids: () => [...open],
    isBusy: (id) => answering.has(id),
    end(id, retryMs) {
      open.delete(id);
      ended.push(id);
      retries.push(retryMs());
    },
    ...options,
  }).then(() => (isDone = true));
  return { open, answering, ended, retries, draining, isDone: () => isDone };
}

describe("a drain", () => {
  test("is over at once when nothing is open", async () => {
    const { draining, isDone } = start([], []);
    await draining;
    expect(isDone()).toBe(true);
  });

  test("ends what is idle at once, and an answer when it is through", async () => {
    const { answering, ended, isDone } = start(["a", "b", "c"], ["b"]);
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).toEqual(["a", "c"]);
    await vi.advanceTimersByTimeAsync(500);
    expect(isDone()).toBe(false);
    answering.clear();
    await vi.advanceTimersByTimeAsync(100);
    expect(ended).toEqual(["a", "c", "b"]);
    expect(isDone()).toBe(true);
  });

  test("cuts off at the deadline what is not through", async () => {
    const { ended, isDone } = start(["a"], ["a"]);
    await vi.advanceTimersByTimeAsync(900);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect([ended, isDone()]).toEqual([["a"], true]);
  });

  test("without patience waits for nothing", async () => {
    const { ended, draining } = start(["a", "b"], ["a", "b"], { deadlineMs: 0 });
    await draining;
    expect(ended).toEqual(["a", "b"]);
  });

  test("tells each of those that may finish once", async () => {
    const onBusy = vi.fn<NonNullable<DrainOptions["onBusy"]>>();
    start(["a", "b"], ["b"], { onBusy });
    await vi.advanceTimersByTimeAsync(1100);
    expect(onBusy.mock.calls.map(([id]) => id)).toEqual(["b"]);
  });

  test("ends what was opened meanwhile, too", async () => {
    const { open, answering, ended, isDone } = start(["a"], ["a"]);
    await vi.advanceTimersByTimeAsync(100);
    open.add("late");
    answering.clear();
    await vi.advanceTimersByTimeAsync(100);
    expect(ended).toEqual(["a", "late"]);
    expect(isDone()).toBe(true);
  });

  test("waits for ends that take their time", async () => {
    const open = new Set(["a"]);
    const left = Promise.withResolvers<void>();
    const end = (id: string): Promise<void> => {
      open.delete(id);
      return left.promise;
    };
    const { isDone } = start([], [], { ids: () => [...open], end });
    await vi.advanceTimersByTimeAsync(2000);
    expect(isDone()).toBe(false);
    left.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(isDone()).toBe(true);
  });

  test("spreads the viewers who come back over three seconds", async () => {
    const { retries, draining } = start(
      Array.from({ length: 200 }, (_, index) => String(index)),
      [],
    );
    await draining;
    expect(Math.min(...retries)).toBeGreaterThanOrEqual(500);
    expect(Math.max(...retries)).toBeLessThanOrEqual(3500);
    expect(new Set(retries).size).toBeGreaterThan(100);
  });
});
