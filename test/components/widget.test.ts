import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { launcher, strings } from "../../widget/locales/en.ts";
import type { PageOptions } from "../../widget/options.ts";
import type * as Panel from "../../widget/panel.tsx";
import { createStore } from "../../widget/store.ts";
import { createWidget } from "../../widget/widget.ts";
import { settings } from "../unit/widget/settings.ts";
import "./set-up.ts";

const PROXY = "https://chat.example.com/";
const fetched = vi.fn<typeof fetch>();
const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);

// Not each time anew, while a test waits for it.
beforeAll(() => import("../../widget/panel.tsx"));
beforeEach(() => {
  vi.stubGlobal("fetch", fetched);
  fetched.mockReset().mockRejectedValue(new TypeError("offline"));
  warn.mockClear();
  localStorage.clear();
});

type StartOptions = { isInline?: boolean; load?: () => Promise<typeof Panel> };

function start(options: PageOptions = {}, { isInline = false, load }: StartOptions = {}) {
  const host = document.createElement(isInline ? "lex-chat" : "lex-chat-widget");
  const loadPanel = vi.fn(load ?? (() => import("../../widget/panel.tsx")));
  const handle = createWidget({
    host,
    options: { agentName: "Marlow", ...options },
    isInline,
    settings,
    base: PROXY,
    name: launcher.chatWith,
    load: async () => [await loadPanel(), { strings }],
    recall: async (proxy) => (await import("../../widget/recall.ts")).recall(proxy, "en"),
  });
  document.body.append(host);
  onTestFinished(handle.destroy);
  const root = host.shadowRoot as ShadowRoot;
  const button = root.querySelector(".launcher") as HTMLButtonElement;
  const panel = () => root.querySelector(".panel");
  const isOpen = () => panel()?.hasAttribute("open") ?? false;
  return { handle, host, isOpen, launcher: button, loadPanel, panel, root };
}

const gesture = (isActive: boolean) =>
  vi.stubGlobal("navigator", { ...navigator, userActivation: { isActive } });

describe("the launcher", () => {
  it("is one element with a named button, and asks and stores nothing", () => {
    const { host, launcher, loadPanel } = start();
    expect(document.body.children).toHaveLength(1);
    expect(document.body.firstElementChild).toBe(host);
    expect(launcher.ariaLabel).toBe("Chat with Marlow");
    expect(launcher.ariaExpanded).toBe("false");
    expect(fetched).not.toHaveBeenCalled();
    expect(loadPanel).not.toHaveBeenCalled();
    expect(localStorage).toHaveLength(0);
  });

  it.each(["pointerover", "focus"])(
    "draws the closed panel on %s, once, and asks and stores nothing yet",
    async (intent) => {
      const { isOpen, launcher, loadPanel, panel } = start();
      launcher.dispatchEvent(new Event(intent));
      launcher.dispatchEvent(new Event(intent));
      await vi.waitFor(() => expect(panel()).toBeTruthy());
      expect(loadPanel).toHaveBeenCalledOnce();
      expect(isOpen()).toBe(false);
      expect(fetched).not.toHaveBeenCalled();
      expect(localStorage).toHaveLength(0);
    },
  );

  it.each([
    ["fetches the panel by itself for a message that waits to be sent", undefined, 1],
    [
      "leaves a message that the visitor has to decide on",
      { code: "message_too_long", retryable: false } as const,
      0,
    ],
  ])("%s", async (_, problem, loads) => {
    const created_at = new Date().toISOString();
    createStore(PROXY).waiting.put({ key: "key", content: "Hi", created_at, problem });
    const { isOpen, loadPanel } = start();
    if (loads) await vi.waitFor(() => expect(fetched).toHaveBeenCalled(), 10_000);
    else await import("../../widget/recall.ts");
    await new Promise((resolve) => setTimeout(resolve));
    expect(loadPanel).toHaveBeenCalledTimes(loads);
    expect(isOpen()).toBe(false);
  });

  it("opens and closes the panel", async () => {
    const { isOpen, launcher } = start();
    launcher.click();
    await vi.waitFor(() => expect(isOpen()).toBe(true));
    expect(launcher.ariaExpanded).toBe("true");
    launcher.click();
    await vi.waitFor(() => expect(isOpen()).toBe(false));
    expect(launcher.ariaExpanded).toBe("false");
  });

  it("says that the panel can't be loaded, and works when it can", async () => {
    const load = vi.fn(() => import("../../widget/panel.tsx"));
    load.mockRejectedValueOnce(new TypeError("offline"));
    const { isOpen, launcher } = start({}, { load });
    launcher.click();
    await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce());
    expect(warn.mock.calls[0]?.[0]).toMatch(/^\[lex-chat\] Not loaded/);
    launcher.click();
    await vi.waitFor(() => expect(isOpen()).toBe(true));
  });

  it("says nothing when fetching ahead fails", async () => {
    const load = vi.fn(() => import("../../widget/panel.tsx"));
    load.mockRejectedValueOnce(new TypeError("offline"));
    const { launcher } = start({}, { load });
    launcher.dispatchEvent(new Event("pointerover"));
    await vi.waitFor(() => expect(load).toHaveBeenCalledOnce());
    expect(warn).not.toHaveBeenCalled();
  });
});

describe("the badge", () => {
  const saved = { token: "t", conversation: "h.1", lastRead: "m/1" };
  const message = (role: string) => ({ id: "x", role, content: "", created_at: "" });

  it("counts what the agent wrote since the last visit, with one request", async () => {
    createStore(PROXY).write(saved);
    const messages = [message("assistant"), message("user"), message("assistant")];
    fetched.mockResolvedValue(Response.json({ messages, hasMore: false }));
    const { launcher } = start();
    await vi.waitFor(() => expect(launcher.ariaLabel).toBe("Chat with Marlow, 2 unread"));
    expect(launcher.textContent).toBe("2");
    expect(fetched).toHaveBeenCalledExactlyOnceWith(
      `${PROXY}api/conversations/h.1/messages?since=m%2F1`,
      { headers: { Authorization: "Bearer t" } },
    );
  });

  it("does not count an answer that the visitor stopped", async () => {
    createStore(PROXY).write({ ...saved, cuts: [["x", 0]] });
    const messages = [message("assistant"), { ...message("assistant"), id: "y" }];
    fetched.mockResolvedValue(Response.json({ messages, hasMore: false }));
    const { launcher } = start();
    await vi.waitFor(() => expect(launcher.textContent).toBe("1"));
  });

  it.each([
    ["when nobody answers", () => Promise.reject(new TypeError("offline"))],
    [
      "when the proxy refuses",
      () => Promise.resolve(Response.json({ code: "x" }, { status: 401 })),
    ],
    ["when there is nothing new", () => Promise.resolve(Response.json({ messages: [] }))],
  ])("is not there %s", async (_, answer) => {
    createStore(PROXY).write(saved);
    fetched.mockImplementation(answer);
    const { launcher } = start();
    await vi.waitFor(() => expect(fetched).toHaveBeenCalledOnce());
    await new Promise((resolve) => setTimeout(resolve));
    expect(launcher.ariaLabel).toBe("Chat with Marlow");
    expect(launcher.firstElementChild).toHaveProperty("hidden", true);
  });
});

describe("a conversation that the platform has no more", () => {
  it("leaves the welcome screen, without an alert, and is asked for once", async () => {
    createStore(PROXY).write({ token: "t", issuedAt: Date.now(), conversation: "h1" });
    const refusal = { code: "conversation_not_found", message: "", retryable: false };
    const stream = `event: connected\ndata: {}\n\nevent: error\ndata: ${JSON.stringify(refusal)}\n\n`;
    fetched.mockImplementation(async () => new Response(stream));
    const { handle, panel } = start();
    handle.open();
    await vi.waitFor(() => expect(createStore(PROXY).read().conversation).toBeUndefined());
    expect(panel()?.textContent).toContain("How can we help?");
    expect(panel()?.querySelector("[role=alert]")).toBeNull();
    expect(fetched).toHaveBeenCalledOnce();
  });
});

describe("the focus", () => {
  it("goes to the composer on a gesture, and back to the launcher on close", async () => {
    gesture(true);
    const { handle, isOpen, launcher, root } = start();
    handle.open();
    await vi.waitFor(() => expect(root.activeElement?.localName).toBe("textarea"));
    handle.close();
    await vi.waitFor(() => expect(isOpen()).toBe(false));
    expect(root.activeElement).toBe(launcher);
  });

  it("stays where it is when a script opens and closes the chat", async () => {
    gesture(false);
    const { handle, isOpen } = start();
    handle.open();
    await vi.waitFor(() => expect(isOpen()).toBe(true));
    handle.close();
    await vi.waitFor(() => expect(isOpen()).toBe(false));
    expect(document.activeElement).toBe(document.body);
  });
});

describe("the commands", () => {
  it("send opens the chat and sends the text", async () => {
    const { handle, isOpen, panel } = start();
    handle.send("Where is my order?");
    await vi.waitFor(() => expect(panel()?.textContent ?? "").toContain("Where is my order?"));
    expect(isOpen()).toBe(true);
    const urls = () => fetched.mock.calls.map(([url]) => url);
    expect(urls()).toEqual([`${PROXY}api/session`]);
  });

  it("update changes the launcher and the panel", async () => {
    const { handle, launcher, panel, root } = start();
    handle.open();
    handle.update({ agentName: "Juno", primaryColor: "#ffcc00" });
    expect(launcher.ariaLabel).toBe("Chat with Juno");
    await vi.waitFor(() => expect(panel()?.getAttribute("aria-label")).toBe("Chat with Juno"));
    const css = () =>
      root.adoptedStyleSheets.flatMap(({ cssRules }) =>
        Array.from(cssRules, (rule) => rule.cssText),
      );
    expect(css().join("")).toContain("--brand: #ffcc00");
  });

  it("update changes the words, of the launcher too, and the launcher itself", async () => {
    const { handle, launcher, panel, root } = start();
    handle.open();
    handle.update({ texts: { welcomeHeading: "Ahoy" }, launcher: "off" });
    await vi.waitFor(() => expect(panel()?.textContent).toContain("Ahoy"));
    expect(root.contains(launcher)).toBe(false);
    handle.update({ launcher: "on" });
    expect(root.contains(launcher)).toBe(true);
  });

  it("destroy leaves nothing behind, also while the panel is on its way", async () => {
    const { handle, host, panel } = start();
    handle.open();
    handle.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(host.isConnected).toBe(false);
    expect(panel()).toBeNull();
  });

  it("destroy takes the panel and its styles away", async () => {
    const { handle, isOpen, panel, root } = start();
    const before = root.adoptedStyleSheets.length;
    handle.open();
    await vi.waitFor(() => expect(isOpen()).toBe(true));
    handle.destroy();
    expect(panel()).toBeNull();
    expect(root.adoptedStyleSheets).toHaveLength(before);
    expect(document.body.children).toHaveLength(0);
  });
});

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
      const { handle, isOpen } = start();
      handle[command](jwt);
      await vi.waitFor(() => expect(localStorage).toHaveLength(0));
      expect(isOpen()).toBe(false);
      expect(fetched).not.toHaveBeenCalled();
    },
  );

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
    expect(panel()?.getAttribute("aria-label")).toBe("Chat with Juno");
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

describe("the events", () => {
  it("tell a listener, until it has had enough, and the page around", async () => {
    const { handle, host, isOpen } = start();
    const heard: string[] = [];
    const listen = (event: Event) =>
      heard.push(`${event.type} on ${(event.target as Element).localName}`);
    document.addEventListener("lex-chat:open", listen);
    onTestFinished(() => document.removeEventListener("lex-chat:open", listen));
    const stop = handle.on("open", () => heard.push("open"));
    handle.on("close", () => heard.push("close"));
    await handle.open();
    expect(isOpen()).toBe(true);
    handle.close();
    stop();
    await handle.open();
    const onHost = `lex-chat:open on ${host.localName}`;
    expect(heard).toEqual(["open", onHost, "close", onHost]);
  });

  it("say that the chat is there, after what waited for it", async () => {
    const { handle } = start();
    const ready = vi.fn();
    handle.on("ready", ready);
    expect(ready).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(ready).toHaveBeenCalledOnce());
  });
});

describe("a chat that is part of the page", () => {
  it("has no launcher, is open at once, and can't be closed", async () => {
    const { handle, isOpen, panel, root } = start({}, { isInline: true });
    await vi.waitFor(() => expect(isOpen()).toBe(true));
    expect(root.querySelector(".launcher")).toBeNull();
    expect(panel()?.localName).toBe("section");
    expect(root.querySelector("[aria-label='Close chat']")).toBeNull();
    handle.close();
    expect(isOpen()).toBe(true);
    expect(document.activeElement).toBe(document.body);
  });
});
