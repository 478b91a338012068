import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RELAY_TIMES } from "../../../proxy/relay/times.ts";
import { createWatch, type WatchOptions } from "../../../proxy/relay/watch.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function watch(change: Partial<WatchOptions> = {}) {
  const startedAt = performance.now();
  const pollsAt: number[] = [];
  const onGiveUp = vi.fn();
  const watch = createWatch({
    isNeeded: () => true,
    isStreaming: () => true,
    lastEventAt: () => 0,
    poll: async () => void pollsAt.push(performance.now() - startedAt),
    onGiveUp,
    times: RELAY_TIMES,
    logger: pino({ level: "silent" }),
    ...change,
  });
  watch.restart();
  return { ...watch, pollsAt, onGiveUp };
}

describe("while the stream is down", () => {
  test("it polls after a second, then less and less often, at least every five seconds", async () => {
    const { pollsAt, end } = watch({ isStreaming: () => false });
    await vi.advanceTimersByTimeAsync(25_000);
    end();

    expect(pollsAt.map((at) => Math.round(at / 10) / 100)).toEqual([
      1, 2.5, 4.75, 8.13, 13.13, 18.13, 23.13,
    ]);
  });

  test("a poll that fails is tried again", async () => {
    const poll = vi.fn(async () => {
      throw new Error("down");
    });
    const { end } = watch({ isStreaming: () => false, poll });
    await vi.advanceTimersByTimeAsync(5000);
    end();

    expect(poll).toHaveBeenCalledTimes(3);
  });

  test("polls never overlap", async () => {
    const poll = vi.fn(() => new Promise<void>(() => undefined));
    const { end } = watch({ isStreaming: () => false, poll });
    await vi.advanceTimersByTimeAsync(60_000);
    end();

    expect(poll).toHaveBeenCalledTimes(1);
  });
});

describe("while the stream is open", () => {
  test("it is trusted as long as events come", async () => {
    const { pollsAt, end } = watch({ lastEventAt: () => performance.now() });
    await vi.advanceTimersByTimeAsync(60_000);
    end();

    expect(pollsAt).toEqual([]);
  });

  test("it is given three seconds for the first event", async () => {
    const { pollsAt, end } = watch();
    await vi.advanceTimersByTimeAsync(3000);
    end();

    expect(pollsAt).toEqual([3000]);
  });

  test("it is given ten seconds between two events", async () => {
    const startedAt = performance.now();
    const { pollsAt, end } = watch({ lastEventAt: () => startedAt + 500 });
    await vi.advanceTimersByTimeAsync(11_000);
    end();

    expect(pollsAt).toEqual([11_000]);
  });
});

test.each([
  ["forward", 1],
  ["back", -1],
])("a clock that is set %s by a day changes nothing", async (_name, direction) => {
  const { pollsAt, onGiveUp, end } = watch({ isStreaming: () => false });
  vi.setSystemTime(Date.now() + direction * 86_400_000);
  await vi.advanceTimersByTimeAsync(5000);
  end();

  expect(onGiveUp).not.toHaveBeenCalled();
  expect(pollsAt).toHaveLength(3);
});

describe("asked to poll", () => {
  test("it does, whatever the stream delivers, and goes on as before", async () => {
    const { pollsAt, pollIn, end } = watch({ lastEventAt: () => performance.now() });
    pollIn(400);
    await vi.advanceTimersByTimeAsync(60_000);
    end();

    expect(pollsAt).toEqual([400]);
  });

  test("while it polls, it polls once more", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const poll = vi.fn(() => promise);
    const { pollIn, end } = watch({ isStreaming: () => false, poll });
    await vi.advanceTimersByTimeAsync(1000);
    pollIn(400);
    resolve();
    await vi.advanceTimersByTimeAsync(400);
    expect(poll).toHaveBeenCalledTimes(2);
    end();
    await vi.advanceTimersByTimeAsync(60_000);

    expect(poll).toHaveBeenCalledTimes(2);
  });
});

describe("woken", () => {
  test("it begins again after its end, and only then", async () => {
    let isNeeded = true;
    const { pollsAt, wake, end } = watch({
      isStreaming: () => false,
      isNeeded: () => isNeeded,
    });
    await vi.advanceTimersByTimeAsync(900);
    wake();
    await vi.advanceTimersByTimeAsync(100);
    expect(pollsAt).toEqual([1000]);

    isNeeded = false;
    await vi.advanceTimersByTimeAsync(60_000);
    wake();
    expect(vi.getTimerCount()).toBe(0);
    isNeeded = true;
    wake();
    await vi.advanceTimersByTimeAsync(1000);
    expect(pollsAt).toEqual([1000, 62_000]);
    end();
  });
});

describe("its end", () => {
  test("comes when nothing is awaited any more", async () => {
    const { pollsAt } = watch({ isStreaming: () => false, isNeeded: () => pollsAt.length < 2 });
    await vi.advanceTimersByTimeAsync(60_000);

    expect(pollsAt).toEqual([1000, 2500]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("leaves no timer", async () => {
    const { pollsAt, end } = watch({ isStreaming: () => false });
    end();
    await vi.advanceTimersByTimeAsync(60_000);

    expect(pollsAt).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("during a poll is the end too", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { end } = watch({ isStreaming: () => false, poll: () => promise });
    await vi.advanceTimersByTimeAsync(1000);
    end();
    resolve();
    await vi.advanceTimersByTimeAsync(0);

    expect(vi.getTimerCount()).toBe(0);
  });

  test("comes on its own after ten minutes without an answer, told once", async () => {
    const { onGiveUp } = watch({ isStreaming: () => false });
    await vi.advanceTimersByTimeAsync(599_000);
    expect(onGiveUp).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(60_000);

    expect(onGiveUp).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
