import { beforeEach, describe, expect, it, vi } from "vitest";
import { createStore } from "../../widget/store.ts";
import type { Waiting } from "../../widget/waiting.ts";

const PROXY = "https://chat.example.com/";
const open = () => createStore(PROXY).waiting;

const message = (key: string, content = key, second = 0): Waiting => ({
  key,
  content,
  created_at: new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toISOString(),
});

beforeEach(() => localStorage.clear());

describe("messages that wait", () => {
  it("are kept across pages, in the order in which they were typed", () => {
    const [two, one] = [message("a", "Two", 2), message("b", "One", 1)];
    open().put(two);
    open().put(one);
    expect(open().list()).toEqual([one, two]);
    open().put({ ...one, isPosted: true });
    expect(open().list()).toEqual([{ ...one, isPosted: true }, two]);
    open().remove("b");
    expect(open().list()).toEqual([two]);
  });

  it("are not brought back by what another tab writes that has not seen them go", () => {
    const other = createStore(PROXY);
    open().put(message("a"));
    const seen = other.read();
    open().remove("a");
    other.write({ ...seen, lastRead: "m1" });
    expect(open().list()).toEqual([]);
  });

  it("are another proxy's own, and none is left when the store is cleared", () => {
    const store = createStore(PROXY);
    const nested = createStore(`${PROXY}nested/`);
    store.waiting.put(message("a"));
    nested.waiting.put(message("b"));
    store.clear();
    expect(store.waiting.list()).toEqual([]);
    expect(nested.waiting.list()).toHaveLength(1);
  });

  it.each([
    ["messages", 25, 10, 20],
    ["characters", 12, 8000, 7],
  ])("are the first ones, when there are too many %s", (_, count, length, kept) => {
    const waiting = open();
    for (let index = 0; index < count; index += 1)
      waiting.put(message(`k${index}`, "x".repeat(length), index));
    expect(waiting.list().map(({ key }) => key)).toEqual(
      Array.from({ length: kept }, (__, index) => `k${index}`),
    );
    waiting.put({ ...message("k0", "x".repeat(length)), isPosted: true });
    expect(waiting.list()[0]?.isPosted).toBe(true);
  });

  it("are not kept where storage is refused or broken, which throws nothing", () => {
    localStorage.setItem(`lex-chat:${PROXY} broken`, "{");
    expect(open().list()).toEqual([]);
    const refused = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("", "QuotaExceededError");
    });
    expect(() => open().put(message("a"))).not.toThrow();
    refused.mockRestore();
  });
});
