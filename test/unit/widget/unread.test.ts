import { beforeEach, describe, expect, it } from "vitest";
import { createView } from "../../../widget/state/view.ts";
import { agent, event, init } from "./events.ts";
import { stubPage } from "./fake-page.ts";
import { startChat } from "./start-chat.ts";

let page: ReturnType<typeof stubPage>;
beforeEach(() => {
  page = stubPage();
});

describe("unread messages", () => {
  const config = {} as Parameters<typeof createView>[1];

  it("are the agent's after the last one that was on the screen", () => {
    const { chat, followed } = startChat({ conversation: "h0", lastRead: "a1" });
    void chat.connect();
    followed[0]?.emit(init({ messages: [agent("a1"), agent("a2"), agent("a3")] }));
    expect(chat.unread.value).toBe(2);
  });

  it("are read, and remembered as read, while the panel is open", async () => {
    const { chat, followed, store } = startChat({ conversation: "h0", lastRead: "a1" });
    const view = createView(chat, config);
    view.open(false);
    followed[0]?.emit(init({ messages: [agent("a1"), agent("a2")] }));
    expect(chat.unread.value).toBe(0);
    expect(store.read().lastRead).toBe("a2");
    view.close();
    followed[0]?.emit({ event: "message:new", data: { message: agent("a3") } });
    expect(chat.unread.value).toBe(1);
    view.open(false);
    expect(chat.unread.value).toBe(0);
  });

  it("stay so in a tab that nobody looks at, until somebody does", () => {
    const { chat, followed } = startChat({ conversation: "h0", lastRead: "a1" });
    const view = createView(chat, config);
    page.show(false);
    view.open(false);
    followed[0]?.emit(init({ messages: [agent("a1"), agent("a2")] }));
    expect(chat.unread.value).toBe(1);
    page.show(true);
    expect(chat.unread.value).toBe(0);
  });

  it("are not what was read before the platform gave it its id", () => {
    const { chat, followed } = startChat({ conversation: "h0" });
    const view = createView(chat, config);
    view.open(false);
    const told = (id: string, rest: object) =>
      followed[0]?.emit(
        event("message:complete", { message: agent(id, "He"), stopped: true, ...rest }),
      );
    told("p1", {});
    view.close();
    told("a1", { provisionalId: "p1" });
    expect(chat.unread.value).toBe(0);
  });

  it("do not count an answer that is still being written", () => {
    const { chat, followed } = startChat({ conversation: "h0" });
    void chat.connect();
    const chunk = { messageId: "a1", offset: 0, text: "He" };
    followed[0]?.emit({ event: "message:chunk", data: chunk });
    expect(chat.unread.value).toBe(0);
  });
});
