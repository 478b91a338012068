import { act, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { agent, created_at, drawPanel, event, snapshot, transcript, user } from "./draw-panel.tsx";

// The first import compiles it.
beforeAll(() => import("../../widget/menu/AnswerTools.tsx"));

const written = vi.fn<(text: string) => Promise<void>>(async () => undefined);
beforeEach(() => {
  written.mockClear();
  vi.stubGlobal("navigator", { languages: [], clipboard: { writeText: written } });
});

/** A conversation of two answers under ids of its own: ratings live as long as the page. */
function converse(handle: string, feedback = true) {
  const panel = drawPanel({}, { saved: { conversation: handle }, features: { feedback } });
  panel.emit(
    snapshot([
      user("Do you ship?", "u1"),
      agent("**Yes**, we do.", "a1"),
      user("To Norway?", "u2"),
      agent("Yes.", "a2"),
    ]),
  );
  return panel;
}

const message = (index: number) =>
  within(transcript()).getAllByRole("listitem")[index] as HTMLElement;
const tools = (index: number) =>
  within(message(index))
    .queryAllByRole("button")
    .map((button) => button.ariaLabel);
const find = (name: string) => within(message(3)).findByRole("button", { name });

describe("the tools of an answer", () => {
  it("are there on the last one at once, and on others when the visitor comes to them", async () => {
    converse("h1");
    const all = ["Copy", "Good answer", "Bad answer"];
    await waitFor(() => expect(tools(3)).toEqual(all));
    expect(tools(1)).toEqual([]);
    fireEvent.pointerOver(screen.getByText("Yes"));
    expect(tools(1)).toEqual(all);
  });

  it("come with the focus, too, and are never on a question", async () => {
    converse("h2");
    await find("Copy");
    message(1).focus();
    message(2).focus();
    expect(tools(1)).toHaveLength(3);
    expect(tools(2)).toEqual([]);
  });

  it("wait for the end of the answer", async () => {
    const { emit } = converse("h3");
    await find("Copy");
    emit(event("message:chunk", { messageId: "a3", offset: 0, text: "Also" }));
    await waitFor(() => expect(message(4).textContent).toContain("Also"));
    expect(tools(4)).toEqual([]);
    const content = "Also to Sweden.";
    emit(
      event("message:complete", { message: { id: "a3", role: "assistant", content, created_at } }),
    );
    await waitFor(() => expect(tools(4)).toHaveLength(3));
  });

  it("copy the answer as it was written, and say so", async () => {
    converse("h4");
    await find("Copy");
    fireEvent.pointerOver(message(1));
    fireEvent.click(within(message(1)).getByRole("button", { name: "Copy" }));
    expect(written).toHaveBeenCalledExactlyOnceWith("**Yes**, we do.");
    const said = message(1).querySelector(".tools [aria-live]");
    await waitFor(() => expect(said?.textContent).toBe("Copied"));
  });

  it("select the answer where the page may not write to the clipboard", async () => {
    vi.stubGlobal("navigator", { ...navigator, clipboard: undefined });
    converse("h9");
    fireEvent.click(await find("Copy"));
    await waitFor(() => expect(String(document.getSelection())).toContain("Yes."));
  });

  it("rate it, change the rating and take it back", async () => {
    const { transport } = converse("h5");
    const path = "api/conversations/h5/messages/a2/feedback";
    const pressed = async () =>
      [await find("Good answer"), await find("Bad answer")].map((button) => button.ariaPressed);
    fireEvent.click(await find("Good answer"));
    await waitFor(async () => expect(await pressed()).toEqual(["true", "false"]));
    fireEvent.click(await find("Bad answer"));
    await waitFor(async () => expect(await pressed()).toEqual(["false", "true"]));
    fireEvent.click(await find("Bad answer"));
    await waitFor(async () => expect(await pressed()).toEqual(["false", "false"]));
    expect(transport.ask.mock.calls).toEqual([
      [path, { rating: "up" }],
      [path, { rating: "down" }],
      [path, { rating: null }],
    ]);
  });

  it("show the rating as it was when it could not be sent", async () => {
    const { transport } = converse("h6");
    transport.ask.mockRejectedValueOnce(new Error("offline"));
    const good = await find("Good answer");
    fireEvent.click(good);
    await waitFor(() => expect(good.ariaPressed).toBe("true"));
    await waitFor(() => expect(good.ariaPressed).toBe("false"));
  });

  it("remember the rating when the conversation is opened again", async () => {
    const { chat, listeners } = converse("h7");
    fireEvent.click(await find("Good answer"));
    act(() => chat.switchTo());
    expect(screen.queryByRole("button", { name: "Good answer" })).toBeNull();
    act(() => chat.switchTo("h7"));
    const again = snapshot([user("To Norway?", "u2"), agent("Yes.", "a2")]);
    act(() => void listeners.at(-1)?.onEvent(again, ""));
    const good = await screen.findByRole("button", { name: "Good answer" });
    expect(good.ariaPressed).toBe("true");
  });

  it("have no thumbs where the proxy takes no feedback", async () => {
    converse("h8", false);
    await find("Copy");
    expect(tools(3)).toEqual(["Copy"]);
  });
});
