import { describe, expect, it } from "vitest";
import { backoff, pause } from "../../../widget/transport/backoff.ts";

describe("backoff", () => {
  it.each([
    [0, 1000, 1, 2000],
    [0, 1000, 0, 1000],
    [3, 1000, 0.5, 5000],
    [10, 1000, 1, 31_000],
    [1000, 1000, 1, 31_000],
    [1, 250, 1, 750],
  ])("of attempt %d from %d ms with chance %d is %d ms", (attempt, base, chance, milliseconds) => {
    expect(backoff(attempt, base, () => chance)).toBe(milliseconds);
  });
});

describe("pause", () => {
  it("is cut short by its signal, before and while it waits", async () => {
    await pause(60_000, AbortSignal.abort());
    await pause(60_000, AbortSignal.timeout(5));
  });

  it("ends by itself", async () => {
    await pause(5, new AbortController().signal);
  });
});
