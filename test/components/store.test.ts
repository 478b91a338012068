import { beforeEach, describe, expect, it, vi } from "vitest";
import { createStore } from "../../widget/store.ts";

const PROXY = "https://chat.example.com/";

beforeEach(() => localStorage.clear());

describe("the store", () => {
  it("keeps all of one proxy together", () => {
    createStore(PROXY).write({ token: "t" });
    createStore(PROXY).write({ conversation: "h1" });
    createStore("https://other.example.com/").write({ token: "other" });
    expect(Object.keys(localStorage)).toEqual([
      "lex-chat:https://chat.example.com/",
      "lex-chat:https://other.example.com/",
    ]);
    expect(createStore(PROXY).read()).toEqual({ token: "t", conversation: "h1" });
  });

  it("forgets what is written as undefined", () => {
    const store = createStore(PROXY);
    store.write({ token: "t", conversation: "h1" });
    store.write({ conversation: undefined });
    expect(createStore(PROXY).read()).toEqual({ token: "t" });
  });

  it("leaves nothing behind when it is cleared, and is not filled again by another tab's", () => {
    const [store, otherTab] = [createStore(PROXY), createStore(PROXY)];
    store.write({ token: "t" });
    otherTab.write({ conversation: "h1" });
    store.clear();
    expect(localStorage).toHaveLength(0);
    otherTab.write({ conversation: undefined });
    expect(createStore(PROXY).read()).toEqual({});
  });

  it("is empty when something else is there", () => {
    localStorage.setItem(`lex-chat:${PROXY}`, "{broken");
    expect(createStore(PROXY).read()).toEqual({});
  });

  it("leaves nothing in the browser, and takes nothing from it, for who wants it so", () => {
    createStore(PROXY).write({ token: "anonymous" });
    const store = createStore(PROXY);
    store.isKept = false;
    expect(store.read()).toEqual({});
    store.write({ token: "t" });
    store.write({ conversation: "h1" });
    store.waiting.put({ key: "key", content: "Hi", created_at: "2026-03-01T12:00:00Z" });
    expect(store.read()).toEqual({ token: "t", conversation: "h1" });
    expect(createStore(PROXY).read()).toEqual({ token: "anonymous" });
    expect(localStorage).toHaveLength(1);
    store.clear();
    expect(store.read()).toEqual({});
  });

  it("lives as long as the page where storage is refused", () => {
    const refuse = () => {
      throw new DOMException("denied", "SecurityError");
    };
    vi.spyOn(Storage.prototype, "getItem").mockImplementation(refuse);
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(refuse);
    const store = createStore(PROXY);
    store.write({ token: "t" });
    store.write({ conversation: "h1" });
    expect(store.read()).toEqual({ token: "t", conversation: "h1" });
    store.clear();
    expect(store.read()).toEqual({});
    vi.restoreAllMocks();
  });
});
