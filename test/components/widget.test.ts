import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createStore } from "../../widget/store.ts";
import { fetched, PROXY, start, warn } from "./start-widget.ts";

const gesture = (isActive: boolean) =>
  vi.stubGlobal("navigator", { ...navigator, userActivation: { isActive } });

describe("the launcher", () => {
  it("is one element with a named button, and asks and stores nothing", () => {
    const { host, launcher, loadPanel } = start();
    expect(document.body.children).toHaveLength(1);
    expect(document.body.firstElementChild).toBe(host);
    expect(launcher.ariaLabel).toBe("Chat – Marlow");
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
    const { isOpen, loadPanel, recall } = start();
    await vi.waitFor(() => expect(recall).toHaveBeenCalledOnce(), 10_000);
    await recall.mock.results[0]?.value;
    await new Promise((resolve) => setTimeout(resolve));
    expect(loadPanel).toHaveBeenCalledTimes(loads);
    expect(isOpen()).toBe(false);
  });

  it("looks into storage, which takes a browser long, when the page has been drawn", () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    createStore(PROXY).write({ token: "t" });
    const { handle, recall } = start();
    const { handle: gone, recall: recallGone } = start();
    const ready = vi.fn();
    handle.on("ready", ready);
    vi.advanceTimersByTime(400);
    gone.destroy();
    expect(ready).toHaveBeenCalledOnce();
    expect(recall).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(recall).toHaveBeenCalledOnce();
    expect(recallGone).not.toHaveBeenCalled();
  });

  it("opens without a style sheet of its own anew, which would cost the panel all its styles", async () => {
    const { isOpen, launcher, panel } = start();
    launcher.dispatchEvent(new Event("pointerover"));
    await vi.waitFor(() => expect(panel()).toBeTruthy());
    const replace = vi.spyOn(CSSStyleSheet.prototype, "replaceSync");
    onTestFinished(() => replace.mockRestore());
    launcher.click();
    await vi.waitFor(() => expect(isOpen()).toBe(true));
    expect(replace).not.toHaveBeenCalled();
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
    await vi.waitFor(() => expect(launcher.ariaLabel).toBe("Chat – Marlow, 2 unread"), 10_000);
    expect(launcher.textContent).toBe("2");
    expect(fetched).toHaveBeenCalledExactlyOnceWith(
      `${PROXY}api/conversations/h.1/messages?since=m%2F1`,
      { headers: { Authorization: "Bearer t" } },
    );
  });

  it("does not count an answer that the visitor stopped", async () => {
    const cuts = [
      ["h.1 x", 0],
      ["another y", 0],
    ] as const;
    createStore(PROXY).write({ ...saved, cuts });
    const messages = [message("assistant"), { ...message("assistant"), id: "y" }];
    fetched.mockResolvedValue(Response.json({ messages, hasMore: false }));
    const { launcher } = start();
    await vi.waitFor(() => expect(launcher.textContent).toBe("1"), 10_000);
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
    await vi.waitFor(() => expect(fetched).toHaveBeenCalledOnce(), 10_000);
    await new Promise((resolve) => setTimeout(resolve));
    expect(launcher.ariaLabel).toBe("Chat – Marlow");
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
    expect(launcher.ariaLabel).toBe("Chat – Juno");
    await vi.waitFor(() => expect(panel()?.getAttribute("aria-label")).toBe("Chat – Juno"));
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
