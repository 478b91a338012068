/** What another tab writes to the browser's storage, seen by a chat. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Saved } from "../../../widget/store.ts";
import { agent, init, user } from "./events.ts";
import { fail, startChat } from "./start-chat.ts";

const page = new EventTarget();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A chat, and what another tab does: it writes, and the browser tells of it. */
function startTab(saved: Saved = {}) {
  const started = startChat(saved);
  const otherTab = (changes: Saved) => {
    started.store.write(changes);
    vi.mocked(started.store.write).mockClear();
    page.dispatchEvent(new Event("storage"));
    vi.runAllTimers();
  };
  return { ...started, otherTab };
}

const contents = ({ chat }: ReturnType<typeof startChat>) =>
  chat.transcript.value.entries.map(({ content }) => content);

describe("a chat beside another tab", () => {
  it("follows the conversation that the other one has begun", () => {
    const { followed, otherTab } = startTab();
    otherTab({ conversation: "h2" });
    expect(followed.map(({ conversation }) => conversation)).toEqual(["h2"]);
  });

  it("leaves its own for one that the other has opened, and writes nothing", async () => {
    const tab = startTab({ conversation: "h1" });
    void tab.chat.connect();
    tab.followed[0]?.emit(init({ messages: [user("u1"), agent("a1")] }));
    tab.otherTab({ conversation: "h2", lastRead: "a7" });
    expect(contents(tab)).toEqual([]);
    expect(tab.followed.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    tab.followed[1]?.emit(init({ messages: [agent("a7"), agent("a8")] }));
    expect(tab.chat.unread.value).toBe(1);
    expect(tab.store.write).not.toHaveBeenCalled();
  });

  it("is new when the other one is", () => {
    const tab = startTab({ conversation: "h1" });
    void tab.chat.connect();
    tab.followed[0]?.emit(init({ messages: [user("u1"), agent("a1")] }));
    tab.otherTab({ conversation: undefined });
    expect(contents(tab)).toEqual([]);
    expect(tab.followed.map(({ signal }) => signal.aborted)).toEqual([true]);
  });

  it("keeps what is typed into it while the other one opens their conversation", () => {
    const tab = startTab();
    tab.transport.send.mockReturnValue(new Promise(() => undefined));
    void tab.chat.send("Hello");
    tab.otherTab({ conversation: "h2" });
    expect(contents(tab)).toEqual(["Hello"]);
  });

  describe("in which its conversation is gone, and the other one has begun the next", () => {
    const gone = fail("conversation_not_found");

    function startLate() {
      const tab = startTab({ conversation: "h1" });
      void tab.chat.connect();
      // The browser has not told of it yet.
      tab.store.write({ conversation: "h2" });
      return tab;
    }

    it("follows that when its stream says so", async () => {
      const { followed, store } = startLate();
      followed[0]?.reject(gone);
      await vi.waitFor(() => expect(followed[1]?.conversation).toBe("h2"));
      expect(store.read().conversation).toBe("h2");
    });

    it("sends its message there when that says so", async () => {
      const { chat, store, transport } = startLate();
      const reply = { success: true, messageId: "m1", conversationId: "h2" } as const;
      transport.send.mockRejectedValueOnce(gone).mockResolvedValueOnce(reply);
      await chat.send("Hello");
      expect(transport.send.mock.lastCall?.[0].conversationId).toBe("h2");
      expect(store.read().conversation).toBe("h2");
    });
  });

  it("counts nothing as unread that was read in the other one", () => {
    const tab = startTab({ conversation: "h1", lastRead: "a1" });
    void tab.chat.connect();
    tab.followed[0]?.emit(init({ messages: [agent("a1"), agent("a2"), agent("a3")] }));
    expect(tab.chat.unread.value).toBe(2);
    tab.otherTab({ lastRead: "a3" });
    expect(tab.chat.unread.value).toBe(0);
  });

  it("has nothing to do with it any more when it is gone", () => {
    const { chat, followed, otherTab } = startTab();
    chat.dispose();
    otherTab({ conversation: "h2" });
    expect(followed).toEqual([]);
  });
});
