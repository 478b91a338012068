import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  PlatformError,
  type Platform,
  type StreamHandlers,
} from "../../../proxy/platforms/platform.ts";
import { openSubscription } from "../../../proxy/relay/subscription.ts";
import { RELAY_TIMES } from "../../../proxy/relay/times.ts";

beforeEach(() => {
  vi.useFakeTimers();
  // The longest of all waiting times.
  vi.spyOn(Math, "random").mockReturnValue(0.999_999);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

type Connection = {
  handlers: StreamHandlers;
  signal: AbortSignal;
  end: (error?: Error) => void;
};

/** All of it, at once. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

/** A subscription to a stream that a test opens, fills and ends by hand. */
function start() {
  const connections: Connection[] = [];
  const told: string[] = [];
  const stream: Platform["stream"] = async (_id, handlers, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => resolve(), { once: true });
    const end = (error?: Error): void => (error ? reject(error) : resolve());
    connections.push({ handlers, signal, end });
    await promise;
  };
  const subscription = openSubscription({
    platform: { stream } as Platform,
    conversationId: "c1",
    onEvent: () => told.push("event"),
    onUp: () => told.push("up"),
    onDown: () => told.push("down"),
    onNoStream: () => told.push("no stream"),
    logger: pino({ level: "silent" }),
    times: RELAY_TIMES,
  });
  const newest = (): Connection => {
    const connection = connections.at(-1);
    if (!connection) throw new Error("nothing was opened");
    return connection;
  };
  return { ...subscription, connections, newest, told };
}

test("connections that have ended leave nothing in memory", async () => {
  const { connections, newest, close } = start();
  const signals: Array<WeakRef<AbortSignal>> = [];
  while (signals.length < 20) {
    signals.push(new WeakRef(newest().signal));
    const { length } = connections;
    newest().end();
    while (connections.length === length) await vi.advanceTimersByTimeAsync(1000);
    connections.shift();
  }
  collectGarbage();
  const kept = signals.filter((signal) => signal.deref() !== undefined);
  // The engine may still hold the one that was looked at last.
  expect(kept.length).toBeLessThan(3);
  close();
});

test("connections that fail are repeated after 0.5, 1, 2, 4, 8 and at most 15 seconds", async () => {
  const { connections, newest, close } = start();
  const waits: number[] = [];
  for (let count = 1; count <= 7; count += 1) {
    const endedAt = Date.now();
    newest().end(new PlatformError("unavailable", "down"));
    while (connections.length === count) await vi.advanceTimersByTimeAsync(250);
    waits.push(Date.now() - endedAt);
  }
  close();

  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
});

test("a connection that lived starts the waiting times afresh", async () => {
  const { connections, newest, close } = start();
  for (let count = 0; count < 4; count += 1) {
    newest().end();
    await vi.advanceTimersByTimeAsync(15_000);
  }
  newest().handlers.onOpen();
  await vi.advanceTimersByTimeAsync(10_000);
  newest().end();
  await vi.advanceTimersByTimeAsync(500);
  close();

  expect(connections).toHaveLength(6);
});

test("an answer that is no stream is told, a platform that is away is not", async () => {
  const { newest, told, close } = start();
  newest().end(new PlatformError("unavailable", "down"));
  await vi.advanceTimersByTimeAsync(500);
  expect(told).toEqual([]);
  newest().end(new PlatformError("not-a-stream", "a page"));
  await vi.advanceTimersByTimeAsync(0);
  close();

  expect(told).toEqual(["no stream"]);
});

describe("without a byte", () => {
  test("for a minute, a connection is replaced", async () => {
    const { connections, newest, told, close } = start();
    newest().handlers.onOpen();
    await vi.advanceTimersByTimeAsync(50_000);
    newest().handlers.onActivity();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(told).toEqual(["up"]);
    await vi.advanceTimersByTimeAsync(2000);
    close();

    expect(told).toEqual(["up", "down"]);
    expect(connections).toHaveLength(2);
  });

  test("it tells for how long", async () => {
    const { newest, silentFor, close } = start();
    await vi.advanceTimersByTimeAsync(1000);
    expect(silentFor()).toBe(0);
    newest().handlers.onOpen();
    await vi.advanceTimersByTimeAsync(2000);
    expect(silentFor()).toBe(2000);
    newest().handlers.onActivity();
    expect(silentFor()).toBe(0);
    close();
  });
});

describe("asked to replace its connection", () => {
  test("it does at once", async () => {
    const { connections, newest, replace, told, close } = start();
    newest().handlers.onOpen();
    replace();
    await vi.advanceTimersByTimeAsync(0);
    newest().handlers.onOpen();
    close();

    expect(connections).toHaveLength(2);
    expect(told).toEqual(["up", "down", "up"]);
  });

  test("while none is open it goes on waiting", async () => {
    const { connections, newest, replace, close } = start();
    newest().end(new PlatformError("unavailable", "down"));
    await vi.advanceTimersByTimeAsync(100);
    replace();
    await vi.advanceTimersByTimeAsync(0);
    close();

    expect(connections).toHaveLength(1);
  });
});

test("closed, it leaves no timer and tells nothing", async () => {
  const { newest, told, close } = start();
  newest().handlers.onOpen();
  close();
  await vi.advanceTimersByTimeAsync(0);

  expect(told).toEqual(["up"]);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  ["forward", 1],
  ["back", -1],
])("a clock that is set %s by a day changes nothing", async (_name, direction) => {
  const { connections, newest, close, silentFor } = start();
  newest().handlers.onOpen();
  vi.setSystemTime(Date.now() + direction * 86_400_000);
  await vi.advanceTimersByTimeAsync(RELAY_TIMES.stallMs - 1);
  expect([newest().signal.aborted, silentFor()]).toEqual([false, RELAY_TIMES.stallMs - 1]);
  await vi.advanceTimersByTimeAsync(RELAY_TIMES.stallMs);
  expect(connections[0]?.signal.aborted).toBe(true);
  close();
});
