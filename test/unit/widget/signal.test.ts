import { describe, expect, it, vi } from "vitest";
import * as library from "@preact/signals-core";
import * as part from "../../../widget/signal.ts";

describe.each([
  ["the library", library],
  ["the part of it that is built into the panel", part],
])("an effect of %s", (_, { effect, signal }) => {
  it("runs at once, and again with each change of what it reads", () => {
    const count = signal(1);
    const other = signal("a");
    const seen: unknown[] = [];
    effect(() => void seen.push([count.value, other.value]));
    count.value = 2;
    other.value = "b";
    expect(seen).toEqual([
      [1, "a"],
      [2, "a"],
      [2, "b"],
    ]);
  });

  it("does not run for a value that is the same, or that it does not read", () => {
    const count = signal(1);
    const unread = signal(1);
    const run = vi.fn(() => void count.value);
    effect(run);
    count.value = 1;
    unread.value = 2;
    expect(run).toHaveBeenCalledOnce();
  });

  it("reads what it comes to only later", () => {
    const isOpen = signal(false);
    const text = signal("a");
    const seen: string[] = [];
    effect(() => void (isOpen.value && seen.push(text.value)));
    isOpen.value = true;
    text.value = "b";
    expect(seen).toEqual(["a", "b"]);
  });

  it("may write a signal that others read, and itself", () => {
    const read = signal(0);
    const last = signal(0);
    const seen: number[] = [];
    effect(() => void seen.push(last.value));
    effect(() => {
      if (last.value < read.value) last.value = read.value;
    });
    read.value = 3;
    expect(seen).toEqual([0, 3]);
    expect(last.value).toBe(3);
  });

  it("does not read for the effect around it what one that it causes reads", () => {
    const inner = signal(0);
    const outer = signal(0);
    effect(() => void inner.value);
    const run = vi.fn(() => void (inner.value = outer.value));
    effect(run);
    outer.value = 1;
    inner.value = 5;
    expect(run).toHaveBeenCalledTimes(2);
  });

  it("runs no more when it is ended, also by what is told before it", () => {
    const count = signal(0);
    let end = () => {};
    effect(() => void (count.value > 0 && end()));
    const run = vi.fn(() => void count.value);
    end = effect(run);
    count.value = 1;
    count.value = 2;
    expect(run).toHaveBeenCalledOnce();
  });

  it("goes on after it has thrown", () => {
    const count = signal(0);
    const run = vi.fn(() => {
      if (count.value === 1) throw new Error("one");
    });
    effect(run);
    expect(() => (count.value = 1)).toThrow("one");
    count.value = 2;
    expect(run).toHaveBeenCalledTimes(3);
  });
});
