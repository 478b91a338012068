import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { createStore } from "../../widget/store.ts";
import { fetched, PROXY, start } from "./start-widget.ts";

describe("who is signed in", () => {
  const jwt = "e30.eyJzdWIiOiJhZGEifQ.c2ln";
  const names = (sessions: unknown[]) =>
    sessions.map((init) => JSON.parse((init as RequestInit).body as string).identity);
  const sessions = () =>
    fetched.mock.calls.filter(([url]) => `${url}`.endsWith("session")).map(([, init]) => init);

  /** There is no line: it stays on the screen, and on its way. */
  async function say({ handle, panel }: ReturnType<typeof start>, text: string) {
    void handle.send(text);
    await vi.waitFor(() => expect(panel()?.textContent).toContain(text));
  }

  beforeAll(() => import("../../widget/identity/identity.ts"));

  it("is kept in mind until the chat is opened, without a request", async () => {
    const { handle, loadPanel } = start();
    handle.identify(jwt);
    await new Promise((resolve) => setTimeout(resolve));
    expect(loadPanel).not.toHaveBeenCalled();
    expect(fetched).not.toHaveBeenCalled();
    await handle.open();
    await vi.waitFor(() => expect(names(sessions())).toEqual([jwt]));
    expect(localStorage).toHaveLength(0);
  });

  it.each(["identify", "logout"] as const)(
    "has nothing to do with who has chatted here: %s forgets them, before the chat is opened",
    async (command) => {
      const store = createStore(PROXY);
      store.write({ token: "t", conversation: "h1", draftText: "My address" });
      store.waiting.put({ key: "key", content: "Hi", created_at: new Date().toISOString() });
      createStore("https://other.example/").write({ token: "another proxy's" });
      const { handle, loadPanel } = start();
      handle[command](jwt);
      expect(Object.keys(localStorage)).toEqual(["lex-chat:https://other.example/"]);
      await new Promise((resolve) => setTimeout(resolve));
      expect(loadPanel).not.toHaveBeenCalled();
      expect(fetched).not.toHaveBeenCalled();
    },
  );

  it.each(["before", "after"])("is heard by another tab, %s its chat is opened", async (when) => {
    const here = start({ proxy: PROXY.replace(/\/$/, "") });
    here.handle.identify(jwt);
    if (when === "after") await say(here, "I am Ada");
    const there = new BroadcastChannel(`lex-chat:${PROXY}`);
    onTestFinished(() => there.close());
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows
    there.postMessage("");
    // What a channel is told comes by a task of its own.
    await new Promise((resolve) => setTimeout(resolve, 50));
    fetched.mockClear();
    await say(here, "I am nobody");
    await vi.waitFor(() => expect(names(sessions())).toEqual([undefined]));
    expect(here.panel()?.textContent).not.toContain("I am Ada");
  });

  it("is refused by the proxy, not thrown at the page, when it is no text", async () => {
    const { handle } = start();
    await handle.open();
    expect(() => handle.identify(Promise.resolve(jwt) as unknown as string)).not.toThrow();
  });

  it("gets an empty chat in the place of the open one, which stays open", async () => {
    const started = start();
    const { handle, isOpen, panel, root } = started;
    const heard: string[] = [];
    for (const name of ["open", "close"] as const) handle.on(name, () => heard.push(name));
    await say(started, "I am nobody");
    const input = () => panel()?.querySelector("textarea") as HTMLTextAreaElement;
    input().value = "My address";
    input().dispatchEvent(new Event("input", { bubbles: true }));
    handle.identify(jwt);
    expect(isOpen()).toBe(true);
    expect(panel()?.textContent).not.toContain("I am nobody");
    expect(root.querySelectorAll(".panel")).toHaveLength(1);
    // The launcher's, and two of the panel.
    expect(root.adoptedStyleSheets).toHaveLength(3);
    expect(input().value).toBe("");
    expect(heard).toEqual(["open"]);
    await vi.waitFor(() => expect(names(sessions()).at(-1)).toBe(jwt));
  });

  it("sends what the page sends next, and nobody else does", async () => {
    fetched.mockImplementation(async () => Response.json({ token: "ada's", conversations: [] }));
    const { handle } = start();
    await handle.open();
    handle.identify(jwt);
    await handle.send("Hello");
    const replies = fetched.mock.calls.filter(([url]) => `${url}`.endsWith("/reply"));
    expect(replies.map(([, init]) => init?.headers)).toEqual([
      expect.objectContaining({ Authorization: "Bearer ada's" }),
    ]);
    expect(names(sessions())).toEqual([jwt]);
  });

  it("does not say what was typed before, and waits for its turn among the tabs", async () => {
    const turn = Promise.withResolvers<void>();
    const request = async (name: string, ...rest: unknown[]) => {
      if (name.startsWith("lex-chat:first:")) await turn.promise;
      await (rest.at(-1) as () => Promise<void>)();
    };
    vi.stubGlobal("navigator", { ...navigator, languages: ["en"], locks: { request } });
    await import("../../widget/tabs/tabs.ts");
    const asked: unknown[] = [];
    fetched.mockImplementation(async (_, init) => {
      // As a browser does it.
      init?.signal?.throwIfAborted();
      asked.push(init?.body);
      return Response.json({ token: "t" });
    });
    const started = start();
    await say(started, "I am nobody");
    started.handle.logout();
    turn.resolve();
    await started.handle.send("I am somebody else");
    expect(asked.slice(0, 2)).toEqual(["{}", '{"content":"I am somebody else"}']);
    expect(asked.join()).not.toContain("I am nobody");
  });

  it("is nobody for a page that gives no word", async () => {
    const started = start();
    started.handle.identify(undefined);
    await say(started, "Hello");
    await vi.waitFor(() => expect(names(sessions())).toContain(undefined));
  });

  it("keeps the chat when the page says the same again", async () => {
    const started = start();
    const { handle, panel } = started;
    handle.identify(jwt);
    await say(started, "Hello");
    handle.identify(jwt);
    expect(panel()?.textContent).toContain("Hello");
    handle.identify("e30.eyJzdWIiOiJhZGEiLCJleHAiOjF9.c2ln");
    expect(panel()?.textContent).toContain("Hello");
    handle.identify("e30.eyJzdWIiOiJib2IifQ.c2ln");
    expect(panel()?.textContent).not.toContain("Hello");
  });

  it("keeps the options that the page has changed", async () => {
    const { handle, panel } = start();
    await handle.open();
    handle.update({ agentName: "Juno" });
    handle.logout();
    expect(panel()?.getAttribute("aria-label")).toBe("Chat – Juno");
  });

  it("is told to the other tabs, with or without a panel, and to no chat of another proxy", async () => {
    const tabs = [start(), start()];
    const elsewhere = start({ proxy: "https://other.example.com" });
    for (const tab of [...tabs, elsewhere]) await say(tab, "I am nobody");
    const isEmpty = ({ panel }: (typeof tabs)[0]) => !panel()?.textContent?.includes("I am nobody");
    start().handle.identify(jwt);
    await vi.waitFor(() => expect(tabs.map(isEmpty)).toEqual([true, true]));
    for (const tab of tabs) await say(tab, "I am nobody");
    tabs[1]?.handle.logout();
    await vi.waitFor(() => expect(tabs.map(isEmpty)).toEqual([true, true]));
    expect(isEmpty(elsewhere)).toBe(false);
  });

  it("works in a browser that lets tabs not speak to each other", async () => {
    vi.stubGlobal("BroadcastChannel", function refuse() {
      throw new DOMException("denied", "SecurityError");
    });
    const started = start();
    await say(started, "I am nobody");
    started.handle.identify(jwt);
    expect(started.panel()?.textContent).not.toContain("I am nobody");
    start().handle.identify(jwt);
    await new Promise((resolve) => setTimeout(resolve));
  });

  it("is of no concern to a chat that is gone", async () => {
    const { handle, panel } = start();
    await handle.open();
    handle.destroy();
    handle.identify(jwt);
    await new Promise((resolve) => setTimeout(resolve));
    expect(panel()).toBeNull();
  });
});
