import { beforeEach, describe, expect, it } from "vitest";
import { createView } from "../../../widget/state/view.ts";
import type { Store } from "../../../widget/store.ts";
import { chunk, init } from "./events.ts";
import { stubPage } from "./fake-page.ts";
import { startChat } from "./start-chat.ts";

beforeEach(() => void stubPage());

/** A page of a visitor who has chatted, unless `store` says otherwise. */
function open(store?: Store) {
  const started = startChat({ token: "t", conversation: "h1" }, store);
  const view = createView(started.chat, {} as Parameters<typeof createView>[1]);
  return { ...started, view };
}

describe("a draft", () => {
  it("is there again after a reload, until it is sent", () => {
    const { store, view } = open();
    view.draft.value = "Where is";
    view.dispose();
    const later = open(store);
    expect(later.view.draft.value).toBe("Where is");
    later.view.draft.value = "";
    expect(open(store).view.draft.value).toBe("");
  });

  it("of a visitor who has not sent anything lives as long as the page", () => {
    const { store, view } = open(startChat().store);
    view.draft.value = "Where is";
    expect(store.write).not.toHaveBeenCalled();
  });

  it("is written when it changes, and by nothing else", () => {
    const { chat, followed, store, view } = open();
    void chat.connect();
    followed[0]?.emit(init({}), chunk("a1", 0, "He"), chunk("a1", 2, "llo"));
    expect(store.write).not.toHaveBeenCalled();
    view.draft.value = "W";
    expect(store.write).toHaveBeenCalledExactlyOnceWith({ draftText: "W" });
  });
});
