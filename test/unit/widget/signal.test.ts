import { describe, expect, it, vi } from "vitest";
import { computed, effect, signal } from "../../../widget/state/signal.ts";

describe("an effect", () => {
  it("runs at once, and again after each change of what it has read", () => {
    const count = signal(1);
    const seen: number[] = [];
    effect(() => void seen.push(count.value));
    count.value = 2;
    count.value = 2;
    count.value = 3;
    expect(seen).toEqual([1, 2, 3]);
  });

  it("follows what its last run has read, and nothing else", () => {
    const isOn = signal(true);
    const [on, off] = [signal("on"), signal("off")];
    const run = vi.fn(() => void (isOn.value ? on : off).value);
    effect(run);
    off.value = "not read yet";
    expect(run).toHaveBeenCalledTimes(1);
    isOn.value = false;
    on.value = "not read any more";
    expect(run).toHaveBeenCalledTimes(2);
    off.value = "read now";
    expect(run).toHaveBeenCalledTimes(3);
  });

  it("does not follow what it peeks at", () => {
    const count = signal(1);
    const run = vi.fn(() => void count.peek());
    effect(run);
    count.value = 2;
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("ends, also by another effect of the same change", () => {
    const count = signal(1);
    const run = vi.fn(() => void count.value);
    let end = (): void => undefined;
    effect(() => {
      if (count.value > 1) end();
    });
    end = effect(run);
    count.value = 2;
    count.value = 3;
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("that changes a signal runs those who follow it, not itself", () => {
    const [one, two] = [signal(1), signal(0)];
    const seen: number[] = [];
    const run = vi.fn(() => void (two.value = one.value * 2));
    effect(() => void seen.push(two.value));
    effect(run);
    one.value = 5;
    expect(seen).toEqual([0, 2, 10]);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it("that throws leaves others undisturbed", () => {
    const count = signal(1);
    const fail = () => {
      throw new Error("broken");
    };
    expect(() => effect(() => (count.value ? fail() : undefined))).toThrow("broken");
    const other = signal(1);
    const run = vi.fn(() => void other.value);
    effect(run);
    other.value = 2;
    expect(run).toHaveBeenCalledTimes(2);
  });
});

describe("a computed signal", () => {
  it("tells of other values only", () => {
    const words = signal(["a"]);
    const length = computed(() => words.value.length);
    const seen: number[] = [];
    effect(() => void seen.push(length.value));
    words.value = ["b"];
    words.value = ["b", "c"];
    expect(seen).toEqual([1, 2]);
  });
});
