import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createCoalescer } from "../../../proxy/relay/coalescer.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function create(windowMs: number) {
  const emitted: string[] = [];
  return { emitted, coalescer: createCoalescer(windowMs, (text) => emitted.push(text)) };
}

describe("with a window of 33 ms", () => {
  test("the first chunk goes out at once, those after it together", () => {
    const { emitted, coalescer } = create(33);
    for (const text of ["Our", " hours", " are"]) coalescer.add(text);
    expect(emitted).toEqual(["Our"]);

    vi.advanceTimersByTime(32);
    expect(emitted).toEqual(["Our"]);
    vi.advanceTimersByTime(1);
    expect(emitted).toEqual(["Our", " hours are"]);
  });

  test("a chunk right after a window still waits for the next one", () => {
    const { emitted, coalescer } = create(33);
    coalescer.add("a");
    coalescer.add("b");
    vi.advanceTimersByTime(33);
    coalescer.add("c");
    expect(emitted).toEqual(["a", "b"]);

    vi.advanceTimersByTime(33);
    expect(emitted).toEqual(["a", "b", "c"]);
  });

  test("after a silent window the next chunk goes out at once again", () => {
    const { emitted, coalescer } = create(33);
    coalescer.add("a");
    vi.advanceTimersByTime(33);
    coalescer.add("b");

    expect(emitted).toEqual(["a", "b"]);
  });

  test("the windows of all answers end at the same time", () => {
    const { emitted, coalescer } = create(33);
    const later = create(33);
    coalescer.add("a");
    coalescer.add("b");
    vi.advanceTimersByTime(20);
    later.coalescer.add("c");
    later.coalescer.add("d");
    vi.advanceTimersByTime(12);
    expect([...emitted, ...later.emitted]).toEqual(["a", "c"]);
    expect(vi.getTimerCount()).toBe(1);

    vi.advanceTimersByTime(1);
    expect([...emitted, ...later.emitted]).toEqual(["a", "b", "c", "d"]);
  });

  test("a flush leaves the chunks of other answers waiting", () => {
    const { emitted, coalescer } = create(33);
    const other = create(33);
    for (const each of [coalescer, other.coalescer]) {
      each.add("a");
      each.add("b");
    }
    coalescer.flush();
    expect([emitted, other.emitted]).toEqual([["a", "b"], ["a"]]);

    vi.advanceTimersByTime(33);
    expect(other.emitted).toEqual(["a", "b"]);
  });

  test("chunks that are far apart set no timer", () => {
    const { emitted, coalescer } = create(33);
    coalescer.add("a");
    vi.advanceTimersByTime(50);
    coalescer.add("b");

    expect(emitted).toEqual(["a", "b"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a chunk that comes shortly before that time waits for the next", () => {
    const { emitted, coalescer } = create(33);
    vi.advanceTimersByTime(31);
    coalescer.add("a");
    coalescer.add("b");
    vi.advanceTimersByTime(34);
    expect(emitted).toEqual(["a"]);

    vi.advanceTimersByTime(1);
    expect(emitted).toEqual(["a", "b"]);
  });

  test("a flush hands out what is pending and leaves no timer", () => {
    const { emitted, coalescer } = create(33);
    coalescer.add("a");
    coalescer.add("b");
    coalescer.flush();
    coalescer.flush();

    expect(emitted).toEqual(["a", "b"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("what is pending never grows beyond 32 K characters", () => {
    const { emitted, coalescer } = create(33);
    coalescer.add("a");
    coalescer.add("x".repeat(20_000));
    coalescer.add("y".repeat(20_000));

    expect(emitted.map((text) => text.length)).toEqual([1, 40_000]);
  });
});

test("without a window each chunk goes out as it is, and no timer is set", () => {
  const { emitted, coalescer } = create(0);
  for (const text of ["a", "", "b"]) coalescer.add(text);

  expect(emitted).toEqual(["a", "b"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("whatever the chunks and pauses, the text stays the same and nothing empty is handed out", () => {
  const step = fc.tuple(fc.string({ maxLength: 5 }), fc.integer({ min: 0, max: 50 }));
  fc.assert(
    fc.property(fc.array(step), fc.integer({ min: 0, max: 40 }), (steps, windowMs) => {
      const { emitted, coalescer } = create(windowMs);
      for (const [text, pause] of steps) {
        coalescer.add(text);
        vi.advanceTimersByTime(pause);
      }
      coalescer.flush();

      expect(emitted.join("")).toBe(steps.map(([text]) => text).join(""));
      expect(emitted).not.toContain("");
      expect(vi.getTimerCount()).toBe(0);
    }),
  );
});
