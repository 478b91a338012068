import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatError } from "../../../../widget/transport/errors.ts";
import type { FollowOptions } from "../../../../widget/transport/follow.ts";
import { init } from "../events.ts";
import { createConversation, sleepAsLeader, tellAll, wait } from "./conversation.ts";

let count = 0;
let name = "";
beforeEach(() => {
  name = `conversation ${(count += 1)}`;
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Three tabs, the first of which leads. */
async function openTabs() {
  const conversation = createConversation(name);
  const a = conversation.join("a");
  await vi.waitFor(() => expect(conversation.open()).toEqual(["a"]));
  const tabs = [a, conversation.join("b"), conversation.join("c")];
  await vi.waitFor(() => expect(conversation.opened).toHaveLength(3));
  await vi.waitFor(() => expect(conversation.open()).toEqual(["a"]));
  return { conversation, tabs };
}

describe("tabs that share a conversation", () => {
  it("have one connection, and all of them every event once", async () => {
    const { conversation, tabs } = await openTabs();
    for (const word of ["Hello", " ", "world"]) conversation.say(word);
    conversation.finish();
    for (const { events } of tabs) {
      await vi.waitFor(() => expect(events.at(-1)).toBe("e-4 message:complete"));
      expect(events).toEqual([
        "e-0 conversation:init",
        ...[1, 2, 3].map((n) => `e-${n} message:chunk`),
        "e-4 message:complete",
      ]);
    }
    expect(conversation.open()).toEqual(["a"]);
  });

  it("tell nobody while there is one alone, and the next one all that it was not told", async () => {
    const post = vi.spyOn(BroadcastChannel.prototype, "postMessage");
    const conversation = createConversation(name);
    const a = conversation.join("a");
    await vi.waitFor(() => expect(conversation.open()).toEqual(["a"]));
    conversation.say("Hello");
    expect(a.text()).toBe("Hello");
    expect(post).not.toHaveBeenCalled();
    const b = conversation.join("b");
    await vi.waitFor(() => expect(b.text()).toBe("Hello"));
    await vi.waitFor(() => expect(conversation.open()).toEqual(["a"]));
    conversation.say(" world");
    await vi.waitFor(() => expect(b.text()).toBe("Hello world"));
  });

  it("miss nothing and see nothing twice, whenever in an answer they come", async () => {
    const conversation = createConversation(name);
    const tabs = Array.from("abcdefgh", (tab, index) =>
      wait(index * 15).then(() => conversation.join(tab)),
    );
    for (let n = 0; n < 80; n += 1) {
      conversation.say(`${n} `);
      await wait(2);
    }
    conversation.finish();
    for (const { events, text } of await Promise.all(tabs)) {
      await vi.waitFor(() => expect(events.at(-1)).toBe("e-81 message:complete"));
      expect(text()).toBe(conversation.text());
      const start = events.findLastIndex((event) => event.endsWith("init"));
      const ids = events.slice(start).map((event) => Number(/\d+/.exec(event)));
      expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index));
    }
    await vi.waitFor(() => expect(conversation.open()).toHaveLength(1));
  });

  it("go on where they are when the leader's page goes away", async () => {
    const { conversation, tabs } = await openTabs();
    conversation.say("Hello");
    for (const { text } of tabs) await vi.waitFor(() => expect(text()).toBe("Hello"));
    const [a, ...others] = tabs;
    a?.close();
    conversation.say(" and");
    conversation.say(" goodbye");
    for (const { text } of others) await vi.waitFor(() => expect(text()).toBe("Hello and goodbye"));
    expect(conversation.open()).toEqual(["b"]);
    expect(conversation.opened.at(-1)).toMatchObject({ tab: "b", lastEventId: "e-1" });
  });

  it("ask for a snapshot when an event is missing", async () => {
    const { conversation, tabs } = await openTabs();
    tellAll(name, { event: { event: "conversation:state", data: {} }, id: "e-9" });
    await vi.waitFor(() => expect(conversation.opened).toHaveLength(5));
    conversation.say("Hello");
    for (const { text } of tabs) await vi.waitFor(() => expect(text()).toBe("Hello"));
    await vi.waitFor(() => expect(conversation.open()).toEqual(["a"]));
  });

  it("have one connection again when one of them knows of the proxy's restart before the leader", async () => {
    await sleepAsLeader(name);
    const opened: FollowOptions[] = [];
    const stream = (options: FollowOptions) => new Promise<void>(() => opened.push(options));
    const tab = createConversation(name).join("b", {}, stream);
    await vi.waitFor(() => expect(opened).toHaveLength(1));
    tellAll(name, { state: "lost", lastId: "before-7" });
    await vi.waitFor(() => expect(tab.states).toEqual(["lost"]));
    opened[0]?.listener.onEvent(init({}), "after-0");
    expect(opened[0]?.signal.aborted).toBe(false);
    tellAll(name, { event: init({}), id: "after-0" });
    await vi.waitFor(() => expect(opened[0]?.signal.aborted).toBe(true));
    expect(opened).toHaveLength(1);
  });

  it("take each event once that is told twice", async () => {
    const { conversation, tabs } = await openTabs();
    conversation.say("Hello");
    await vi.waitFor(() => expect(tabs[1]?.text()).toBe("Hello"));
    tellAll(name, { event: { event: "conversation:state", data: {} }, id: "e-1" });
    conversation.say(" world");
    await vi.waitFor(() => expect(tabs[1]?.text()).toBe("Hello world"));
    expect(tabs[1]?.events.map((event) => event.slice(0, 3))).toEqual(["e-0", "e-1", "e-2"]);
  });

  it("know from the leader whether the line is there, and let it try", async () => {
    const conversation = createConversation(name);
    const pace = { silence: 300, pulse: 20 };
    conversation.join("a", pace);
    await vi.waitFor(() => expect(conversation.open()).toEqual(["a"]));
    const b = conversation.join("b", pace);
    await vi.waitFor(() => expect(b.states).toEqual(["live"]));
    await vi.waitFor(() => expect(conversation.open()).toEqual(["a"]));
    conversation.lose();
    await vi.waitFor(() => expect(b.states).toEqual(["live", "lost"]));
    await wait(500);
    expect(conversation.open()).toEqual(["a"]);
    conversation.beat();
    await vi.waitFor(() => expect(b.states).toEqual(["live", "lost", "live"]));
  });

  it("end, all of them, when the proxy refuses the conversation", async () => {
    const refusal = { code: "conversation_not_found", message: "why", retryable: false } as const;
    const stream = () => Promise.reject(new ChatError(refusal));
    const conversation = createConversation(name);
    for (const tab of ["a", "b"]) {
      const { ended } = conversation.join(tab, {}, stream);
      await expect(ended).rejects.toMatchObject({ code: "conversation_not_found" });
    }
  });

  it("follow alone where the browser refuses locks", async () => {
    vi.spyOn(navigator.locks, "request").mockRejectedValue(new DOMException("", "SecurityError"));
    const conversation = createConversation(name);
    const tabs = [conversation.join("a"), conversation.join("b")];
    await vi.waitFor(() => expect(conversation.open()).toHaveLength(2));
    conversation.say("Hello");
    for (const { text } of tabs) expect(text()).toBe("Hello");
  });
});

describe("a leader that says nothing", () => {
  const pace = { silence: 100, pulse: 10, answer: 60_000 };

  it("is replaced, and closes its connection when it notices", async () => {
    const conversation = createConversation(name);
    const a = conversation.join("a", { pulse: 60_000 });
    await vi.waitFor(() => expect(conversation.open()).toEqual(["a"]));
    const b = conversation.join("b", pace);
    await vi.waitFor(() => expect(conversation.open()).toEqual(["b"]), 2000);
    conversation.say("Hello");
    for (const { text } of [a, b]) await vi.waitFor(() => expect(text()).toBe("Hello"));
  });

  it("stays while heartbeats come", async () => {
    const conversation = createConversation(name);
    conversation.join("a", { pulse: 10 });
    await vi.waitFor(() => expect(conversation.open()).toEqual(["a"]));
    conversation.join("b", { ...pace, silence: 500 });
    const beating = setInterval(conversation.beat, 20);
    await wait(1500);
    clearInterval(beating);
    expect(conversation.open()).toEqual(["a"]);
  });

  it("stays while nobody looks, and is replaced when somebody does", async () => {
    await sleepAsLeader(name);
    const conversation = createConversation(name);
    const tab = conversation.join("b", { ...pace, answer: 10 });
    tab.page.show("hidden");
    await wait(300);
    expect(conversation.open()).toEqual([]);
    tab.page.show("visible");
    await vi.waitFor(() => expect(conversation.open()).toEqual(["b"]));
  });

  it.each(["comes", "is looked at again"])("is asked by a tab that %s", async (what) => {
    await sleepAsLeader(name);
    const conversation = createConversation(name);
    const tab = conversation.join("b", { answer: 50 });
    if (what !== "comes") {
      tab.page.show("hidden");
      await wait(150);
      expect(conversation.open()).toEqual([]);
      tab.page.show("visible");
    }
    await vi.waitFor(() => expect(conversation.open()).toEqual(["b"]));
  });

  it("answers who asks, and stays", async () => {
    const { conversation, tabs } = await openTabs();
    const other = conversation.join("d", { answer: 100 });
    await vi.waitFor(() => expect(other.events).toHaveLength(1));
    other.page.show("visible");
    await wait(300);
    expect(conversation.open()).toEqual(["a"]);
    expect(tabs).toHaveLength(3);
  });
});
