import { act, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { ConversationSummary, Message } from "../../proxy/protocol.ts";
import { agent, drawPanel, snapshot, user } from "./draw-panel.tsx";

// The first import compiles it.
beforeAll(() => import("../../widget/menu/Menu.tsx"));

const button = () => screen.getByRole("button", { name: "Menu" });
const items = () => screen.queryAllByRole("menuitem").map((item) => item.textContent);
const focused = () => document.activeElement?.textContent;

/** A panel with a conversation, and its menu open. */
async function openMenu(options: Parameters<typeof drawPanel>[1] = {}) {
  const panel = drawPanel({}, options);
  panel.emit(snapshot([user("Do you ship?"), agent("**Yes**, we do.")]));
  button().focus();
  fireEvent.click(button());
  await screen.findByRole("menu", { name: "Menu" });
  return panel;
}

async function choose(item: string) {
  fireEvent.click(screen.getByRole("menuitem", { name: item }));
  await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
}

describe("the menu button", () => {
  it("is there when there is something to list, to download or to delete", () => {
    const { emit } = drawPanel();
    expect(screen.queryByRole("button", { name: "Menu" })).toBeNull();
    emit(snapshot([user("Hello")]));
    expect(button().getAttribute("aria-haspopup")).toBe("menu");
    expect(button().getAttribute("aria-expanded")).toBe("false");
  });

  it("is there for a visitor of earlier conversations", () => {
    drawPanel({}, { saved: { token: "t" } });
    expect(button()).toBeTruthy();
  });

  it("opens the menu and closes it", async () => {
    await openMenu();
    expect(button().getAttribute("aria-expanded")).toBe("true");
    fireEvent.click(button());
    await waitFor(() => expect(items()).toEqual([]));
    expect(button().getAttribute("aria-expanded")).toBe("false");
  });

  it("keeps the focus in an open menu while it is pressed: the click would open it again", async () => {
    await openMenu();
    expect(fireEvent.mouseDown(button())).toBe(false);
  });
});

describe("the menu of who is signed in", () => {
  it("offers to delete nothing, since the browser stores nothing", async () => {
    await openMenu({ isKept: false });
    expect(items()).toEqual(["Conversations", "Download as text"]);
  });

  it("lists what the proxy knows of, by one call", async () => {
    const { transport } = drawPanel({}, { isKept: false, saved: { token: "t" } });
    fireEvent.click(button());
    await screen.findByRole("menu");
    const lastMessage = null;
    const summary = { conversationId: "h9", title: "Elsewhere", state: "idle", lastMessage };
    transport.ask.mockResolvedValueOnce(Response.json({ conversations: [summary] }));
    await choose("Conversations");
    await screen.findByRole("button", { name: "Elsewhere" });
    expect(transport.ask.mock.calls).toEqual([["api/conversations?ids="]]);
  });
});

describe("the menu", () => {
  it("leads to conversations, the text and deletion, with the focus on the first", async () => {
    await openMenu();
    expect(items()).toEqual(["Conversations", "Download as text", "Delete from this browser"]);
    expect(focused()).toBe("Conversations");
  });

  it("lists no conversations where all have the same one", async () => {
    await openMenu({ features: { newConversation: false } });
    expect(items()).toEqual(["Download as text", "Delete from this browser"]);
  });

  it.each([
    ["ArrowDown", ["Download as text", "Delete from this browser", "Conversations"]],
    ["ArrowUp", ["Delete from this browser", "Download as text", "Conversations"]],
    ["End", ["Delete from this browser", "Delete from this browser"]],
    ["Home", ["Conversations", "Conversations"]],
  ])("moves the focus by %s", async (key, expected) => {
    await openMenu();
    const reached = expected.map(() => {
      fireEvent.keyDown(document.activeElement ?? document.body, { key });
      return focused();
    });
    expect(reached).toEqual(expected);
  });

  it("closes with Esc, alone, and gives the focus back to its button", async () => {
    const { view } = await openMenu();
    fireEvent.keyDown(document.activeElement ?? document.body, { key: "Escape" });
    await waitFor(() => expect(document.activeElement).toBe(button()));
    expect(items()).toEqual([]);
    expect(view.isOpen.value).toBe(true);
  });

  it("closes when the focus goes elsewhere", async () => {
    const { input } = await openMenu();
    act(() => input.focus());
    await waitFor(() => expect(items()).toEqual([]));
    expect(document.activeElement).toBe(input);
  });

  it("closes with the panel", async () => {
    const { view } = await openMenu();
    act(() => view.close());
    await waitFor(() => expect(items()).toEqual([]));
  });
});

describe("the list of conversations", () => {
  const message = (content: string, minutes: number, rest: Partial<Message> = {}): Message => ({
    ...agent(content, `m${minutes}`),
    created_at: new Date(Date.UTC(2026, 2, 1, 12, minutes)).toISOString(),
    ...rest,
  });
  const summary = (id: string, title: string, lastMessage: Message | null) =>
    ({ conversationId: id, title, state: "idle", lastMessage }) satisfies ConversationSummary;
  const page = () => screen.getByRole("region", { name: "Conversations" });
  const rows = () => within(within(page()).getByRole("list")).getAllByRole("button");

  async function openList(
    answers: Array<ConversationSummary[] | Error>,
    conversations: Array<[string, string]> = [
      ["h1", "a1"],
      ["h2", "m2"],
      ["h3", "before"],
    ],
  ) {
    const saved = { token: "t", conversation: "h1", lastRead: "a1", conversations };
    const panel = await openMenu({ saved });
    for (const answer of answers) {
      if (answer instanceof Error) panel.transport.ask.mockRejectedValueOnce(answer);
      else panel.transport.ask.mockResolvedValueOnce(Response.json({ conversations: answer }));
    }
    await choose("Conversations");
    return panel;
  }

  const three = [
    summary("h1", "Do you ship?", message("**Yes**, we do.", 1, { id: "a1" })),
    summary("h2", "Returns", message("Within 30 days.", 2)),
    summary("h3", "Grinders", message("See [these](https://example.com).", 3)),
  ];

  it("has the last used first, and says what is new and what is open", async () => {
    const { transport } = await openList([three]);
    await waitFor(() => expect(rows()).toHaveLength(3));
    expect(rows().map((row) => row.querySelector(".title")?.textContent)).toEqual([
      "Do you ship?",
      "Returns",
      "Grinders",
    ]);
    expect(rows().map((row) => row.querySelector(".last")?.textContent)).toEqual([
      "Yes, we do.",
      "Within 30 days.",
      "See these.",
    ]);
    expect(rows().map((row) => row.textContent?.includes("New messages"))).toEqual([
      false,
      false,
      true,
    ]);
    expect(rows().map((row) => row.getAttribute("aria-current"))).toEqual([
      "true",
      "false",
      "false",
    ]);
    expect(transport.ask).toHaveBeenCalledExactlyOnceWith("api/conversations?ids=h1,h2,h3");
  });

  it("says what to do where there is none", async () => {
    await openList([], []);
    expect(await within(page()).findByText("Ask a question to get started.")).toBeTruthy();
    expect(within(page()).getByRole("button", { name: "New conversation" })).toBeTruthy();
  });

  it("takes the focus, and Esc leads back to the conversation and the menu button", async () => {
    await openList([three]);
    expect(document.activeElement).toBe(page());
    fireEvent.keyDown(page(), { key: "Escape" });
    await waitFor(() => expect(document.activeElement).toBe(button()));
    expect(screen.queryByRole("region", { name: "Conversations" })).toBeNull();
  });

  it("opens the one that is chosen, where one can write at once", async () => {
    const { chat, input, transport } = await openList([three]);
    fireEvent.click(await screen.findByRole("button", { name: /^Returns/ }));
    await waitFor(() => expect(document.activeElement).toBe(input));
    expect(chat.handle).toBe("h2");
    expect(transport.follow.mock.calls.map(([conversation]) => conversation)).toEqual(["h1", "h2"]);
    expect(screen.queryByRole("region", { name: "Conversations" })).toBeNull();
  });

  it("leaves the open one as it is when that is chosen", async () => {
    const { transport } = await openList([three]);
    fireEvent.click(await screen.findByRole("button", { name: /^Do you ship/ }));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Conversations" })).toBeNull());
    expect(transport.follow).toHaveBeenCalledOnce();
    expect(screen.getByText("Do you ship?")).toBeTruthy();
  });

  it("begins a new one", async () => {
    const { chat, input } = await openList([three]);
    fireEvent.click(within(page()).getByRole("button", { name: "New conversation" }));
    await waitFor(() => expect(document.activeElement).toBe(input));
    expect(chat.handle).toBeUndefined();
    expect(chat.transcript.value.entries).toEqual([]);
  });

  it("asks for ten at a time", async () => {
    const handles = Array.from(
      { length: 12 },
      (_, index) => [`h${index + 1}`, ""] as [string, string],
    );
    const { transport } = await openList([three, [summary("h11", "Old", null)]], handles);
    await screen.findByText("Old");
    expect(transport.ask.mock.calls.map(([path]) => path.split(/[=,]/).length - 1)).toEqual([
      10, 2,
    ]);
    expect(rows()).toHaveLength(4);
  });

  it("says that it can't be loaded, and tries again", async () => {
    await openList([new Error("offline"), three]);
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("Could not be loaded.");
    fireEvent.click(within(alert).getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(rows()).toHaveLength(3));
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("downloading the text", () => {
  /** What the browser is given to save. */
  function watchDownloads() {
    const saved: Array<{ file: Blob; name: string }> = [];
    let given = new Blob();
    vi.spyOn(URL, "createObjectURL").mockImplementation((file) => {
      given = file as Blob;
      return "blob:1";
    });
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function click(
      this: HTMLAnchorElement,
    ) {
      saved.push({ file: given, name: this.download });
    });
    return saved;
  }
  afterEach(() => void vi.restoreAllMocks());

  it("gives what was said when and by whom, under a name with the date", async () => {
    const saved = watchDownloads();
    await openMenu();
    await choose("Download as text");
    expect(saved[0]?.name).toMatch(/^Marlow-\d{4}-\d\d-\d\d\.txt$/);
    expect(await saved[0]?.file.text()).toMatch(
      /^Chat – Marlow\n\n\[.*2026.*\] You said:\nDo you ship\?\n\n\[.*\] Marlow said:\n\*\*Yes\*\*, we do\.\n$/,
    );
  });

  it("has the older pages, too", async () => {
    const saved = watchDownloads();
    const { emit, transport } = await openMenu();
    emit(snapshot([user("Third", "u3"), agent("Fourth", "a4")], { hasMore: true }));
    transport.messages
      .mockResolvedValueOnce({ messages: [agent("Second", "a2")], hasMore: true })
      .mockResolvedValueOnce({ messages: [user("First", "u1")], hasMore: false });
    await choose("Download as text");
    expect(transport.messages.mock.calls).toEqual([
      ["h1", "u3"],
      ["h1", "a2"],
    ]);
    const text = await saved[0]?.file.text();
    expect(text?.match(/^(First|Second|Third|Fourth)$/gm)).toEqual([
      "First",
      "Second",
      "Third",
      "Fourth",
    ]);
  });

  it("gives nothing to who comes next, when it was under way", async () => {
    const saved = watchDownloads();
    const { chat, emit, transport } = await openMenu();
    emit(snapshot([user("Do you ship?")], { hasMore: true }));
    transport.messages.mockImplementationOnce(async () => {
      chat.dispose();
      return { messages: [user("First", "u1")], hasMore: false };
    });
    await choose("Download as text");
    await waitFor(() => expect(transport.messages).toHaveBeenCalled());
    await act(async () => undefined);
    expect(saved).toEqual([]);
  });

  it("says that it could not be loaded, and leaves the menu open", async () => {
    const { emit, transport } = await openMenu();
    emit(snapshot([user("Do you ship?")], { hasMore: true }));
    transport.messages.mockRejectedValueOnce(new Error("offline"));
    fireEvent.click(screen.getByRole("menuitem", { name: "Download as text" }));
    expect((await screen.findByRole("alert")).textContent).toBe("Could not be loaded.");
    expect(items()).toHaveLength(3);
  });
});

describe("deleting what the browser stores", () => {
  const warning = /This browser forgets/;

  it("asks first, and Esc leads back with nothing forgotten", async () => {
    const { store } = await openMenu({ saved: { token: "t", conversation: "h1" } });
    await choose("Delete from this browser");
    expect(screen.getByText(warning)).toBeTruthy();
    fireEvent.keyDown(document.activeElement ?? document.body, { key: "Escape" });
    await waitFor(() => expect(document.activeElement).toBe(button()));
    expect(store.read().token).toBe("t");
  });

  it("forgets the visitor, ends the stream and shows the welcome screen, where one can write", async () => {
    const { input, store, transport } = await openMenu({
      saved: { token: "t", conversation: "h1" },
    });
    await choose("Delete from this browser");
    fireEvent.click(screen.getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(document.activeElement).toBe(input));
    expect(store.read()).toEqual({});
    expect(transport.follow.mock.calls[0]?.[2].aborted).toBe(true);
    expect(screen.getByText("How can we help?")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Menu" })).toBeNull();
  });

  it("makes a new visitor of whoever writes next, in a new conversation", async () => {
    const { store, transport, type } = await openMenu({
      saved: { token: "t", conversation: "h1" },
    });
    await choose("Delete from this browser");
    fireEvent.click(screen.getByRole("button", { name: "Delete" }));
    await screen.findByText("How can we help?");
    type("Hello again");
    await waitFor(() => expect(transport.send).toHaveBeenCalledOnce());
    expect(transport.send.mock.calls[0]?.[0].conversationId).toBeUndefined();
    await waitFor(() =>
      expect(store.read().conversations).toMatchObject([["h1", expect.any(String)]]),
    );
  });
});
