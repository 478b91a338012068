import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProxyError } from "../../../proxy/errors.ts";
import { createRoster } from "../../../proxy/relay/roster.ts";

beforeEach(() => vi.useFakeTimers({ now: 1000 }));
afterEach(() => vi.useRealTimers());

/** Conversations are their own names; those in `used` are in use. */
function start(maxItems = 10) {
  const used = new Set<string>();
  const create = vi.fn<(id: string, isNew: boolean) => string>((id) => `item of ${id}`);
  const end = vi.fn<(item: string, retryMs?: () => number) => void>();
  const isUsed = (item: string): boolean => used.has(item);
  return { roster: createRoster({ create, isUsed, end, maxItems }), create, end, used };
}

test("a conversation is created at its first use, and the same one at the next", () => {
  const { roster, create } = start();
  expect(roster.find("a")).toBeUndefined();
  expect([roster.open("a", true), roster.open("a"), roster.find("a")]).toEqual(
    Array.from({ length: 3 }, () => "item of a"),
  );
  expect(create.mock.calls).toEqual([["a", true]]);
});

test("the times of its uses are kept, and how many were there before", () => {
  const { roster } = start();
  for (const id of ["a", "b"]) roster.open(id);
  vi.advanceTimersByTime(2000);
  roster.open("a");
  vi.advanceTimersByTime(1000);
  roster.touch("b");
  roster.touch("unknown");
  expect([...roster.entries()]).toEqual([
    { id: "a", item: "item of a", order: 0, usedAt: 2000, streamUsedAt: 2000 },
    { id: "b", item: "item of b", order: 1, usedAt: 3000, streamUsedAt: 3000 },
  ]);
});

test("what is forgotten is ended once", () => {
  const { roster, end } = start();
  const retryMs = (): number => 500;
  roster.open("a");
  void roster.forget("a", retryMs);
  void roster.forget("a", retryMs);
  expect(end.mock.calls).toEqual([["item of a", retryMs]]);
  expect(roster.ids()).toEqual([]);
});

test("room is made by the oldest one that is not in use", () => {
  const { roster, end, used } = start(3);
  for (const id of ["a", "b", "c"]) roster.open(id);
  used.add("item of a");
  roster.open("d");
  expect(roster.ids()).toEqual(["a", "c", "d"]);
  expect(end.mock.calls).toEqual([["item of b", undefined]]);
});

test("without room for another one it is refused, and those that are open stay open", () => {
  const { roster, used } = start(1);
  roster.open("a");
  used.add("item of a");
  expect(() => roster.open("b")).toThrow(ProxyError);
  expect(roster.open("a")).toBe("item of a");
});
