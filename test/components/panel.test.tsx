import { act, fireEvent, screen, within } from "@testing-library/preact";
import { describe, expect, it, vi } from "vitest";
import { ChatError } from "../../widget/transport/errors.ts";
import {
  agent,
  drawPanel as draw,
  event,
  messages,
  snapshot,
  transcript,
  user,
} from "./draw-panel.tsx";

describe("the welcome screen", () => {
  it("has the agent's name, heading, subheading and suggested questions", () => {
    draw({ welcomeHeading: "Need help?", welcomeSubheading: "Ask.", suggestions: "One?| |Two?" });
    expect(screen.getByRole("dialog", { name: "Chat – Marlow" })).toBeTruthy();
    expect(screen.getByRole("heading", { name: "Marlow" })).toBeTruthy();
    expect(screen.getByText("Need help?")).toBeTruthy();
    expect(screen.getByText("Ask.")).toBeTruthy();
    const list = screen.getByRole("list", { name: "Suggested questions" });
    expect(
      within(list)
        .getAllByRole("button")
        .map((button) => button.textContent),
    ).toEqual(["One?", "Two?"]);
  });

  it("has words of its own where the page gives none", () => {
    draw();
    expect(screen.getByText("How can we help?")).toBeTruthy();
    expect(screen.queryByRole("list", { name: "Suggested questions" })).toBeNull();
  });

  it("asks a suggested question", async () => {
    const { transport } = draw({ suggestions: "Do you ship?" });
    fireEvent.click(screen.getByRole("button", { name: "Do you ship?" }));
    await vi.waitFor(() => expect(transport.send).toHaveBeenCalledOnce());
    expect(transport.send.mock.calls[0]?.[0].content).toBe("Do you ship?");
  });

  it("takes new branding at run time", () => {
    const { view } = draw();
    act(
      () =>
        void (view.config.value = {
          ...view.config.value,
          agentName: "Juno",
          welcomeHeading: "Hi",
        }),
    );
    expect(screen.getByRole("heading", { name: "Juno" })).toBeTruthy();
    expect(screen.getByText("Hi")).toBeTruthy();
  });
});

describe("a message", () => {
  it("is there at once, and the composer is empty and has the focus", () => {
    const { input, type } = draw();
    type("Hello");
    expect(screen.getByText("Hello")).toBeTruthy();
    expect(input.value).toBe("");
    expect(document.activeElement).toBe(input);
  });

  it("that was not sent says so and is sent again by its button", async () => {
    const { transport, type } = draw();
    const error = new ChatError({ code: "platform_unavailable", message: "", retryable: true });
    transport.send.mockRejectedValueOnce(error);
    type("Hello");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("Not sent.");
    fireEvent.click(within(alert).getByRole("button", { name: "Try again" }));
    await vi.waitFor(() => expect(transport.send).toHaveBeenCalledTimes(2));
    expect(screen.queryByRole("alert")).toBeNull();
    expect(transport.send.mock.calls[1]?.[0]).toEqual(transport.send.mock.calls[0]?.[0]);
  });

  it("that may have been sent says that, and leaves it to the visitor to send it again", async () => {
    const { transport, type } = draw();
    const error = new ChatError({ code: "send_outcome_unknown", message: "", retryable: false });
    transport.send.mockRejectedValueOnce(error);
    type("Hello");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("Not sure whether this was sent.");
    expect(transport.send).toHaveBeenCalledOnce();
    fireEvent.click(within(alert).getByRole("button", { name: "Send again" }));
    await vi.waitFor(() => expect(transport.send).toHaveBeenCalledTimes(2));
    expect(screen.queryByRole("alert")).toBeNull();
    expect(transport.send.mock.calls[1]?.[0]).toEqual(transport.send.mock.calls[0]?.[0]);
  });

  it("that finds its conversation full goes into a new one by its button", async () => {
    const { transport, type } = draw();
    const error = new ChatError({ code: "conversation_full", message: "", retryable: false });
    transport.send.mockRejectedValueOnce(error);
    type("Hello");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("This conversation is full.");
    fireEvent.click(within(alert).getByRole("button", { name: "New conversation" }));
    await vi.waitFor(() => expect(transport.send).toHaveBeenCalledTimes(2));
    expect(screen.queryByRole("alert")).toBeNull();
    expect(screen.getByText("Hello")).toBeTruthy();
  });

  it("that can't be sent has no button to try again", async () => {
    const { transport, type } = draw();
    const error = new ChatError({ code: "message_too_long", message: "", retryable: false });
    transport.send.mockRejectedValueOnce(error);
    type("Hello");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("Not sent: too long.");
    expect(within(alert).queryByRole("button", { name: /again/ })).toBeNull();
  });

  it("that was not sent is forgotten by its other button", async () => {
    const { transport, type } = draw();
    const error = new ChatError({ code: "message_too_long", message: "", retryable: false });
    transport.send.mockRejectedValueOnce(error);
    type("Hello");
    const alert = await screen.findByRole("alert");
    fireEvent.click(within(alert).getByRole("button", { name: "Delete" }));
    await vi.waitFor(() => expect(screen.queryByText("Hello")).toBeNull());
  });

  it("that was kept for more than a day says that it was not sent, and is sent by its button", async () => {
    const day = 24 * 3600_000;
    const created_at = new Date(Date.now() - day - 1).toISOString();
    const { transport } = draw({}, { waiting: [{ key: "key", content: "Hello", created_at }] });
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toMatch(/^Not sent\./);
    expect(transport.send).not.toHaveBeenCalled();
    fireEvent.click(within(alert).getByRole("button", { name: "Send again" }));
    await vi.waitFor(() => expect(transport.send).toHaveBeenCalledOnce());
  });

  it("waits while the line is lost, and says so", async () => {
    const { listeners, transport, type } = draw();
    transport.messages.mockReturnValue(new Promise(() => undefined));
    act(() => listeners[0]?.onConnection("lost"));
    type("Hello");
    await screen.findByText("Waiting for the connection…");
    act(() => listeners[0]?.onConnection("live"));
    await screen.findByText("Sending…");
  });

  it("names its author to a screen reader", () => {
    const { emit } = draw();
    emit(snapshot([user("Hello"), agent("Hi")]));
    expect(messages()[0]).toMatch(/^You said:Hello/);
    expect(messages()[1]).toMatch(/^Marlow said:Hi/);
  });
});

describe("an answer", () => {
  it("shows three dots, then the tool, then the text", () => {
    const { emit } = draw();
    emit(snapshot([user("Hello")], { state: "thinking" }));
    const activity = () => document.querySelector(".activity")?.textContent;
    expect(activity()).toBe("");
    emit(
      event("message:tool_use", { messageId: "a1", toolUseId: "t1", name: "searchHelp_articles" }),
    );
    expect(activity()).toBe("Searching help articles…");
    emit(event("message:chunk", { messageId: "a1", offset: 0, text: "We ship" }));
    expect(activity()).toBeUndefined();
    expect(messages().at(-1)).toContain("We ship");
  });

  it("grows in place: what is drawn already stays the same node", () => {
    const { emit } = draw();
    emit(event("message:chunk", { messageId: "p1", offset: 0, text: "One\n\nTwo" }));
    const first = within(transcript()).getByText("One");
    emit(event("message:chunk", { messageId: "p1", offset: 8, text: " three\n\n" }));
    emit(
      event("message:complete", {
        message: agent("One\n\nTwo three\n\nFour"),
        provisionalId: "p1",
      }),
    );
    expect(within(transcript()).getByText("One")).toBe(first);
    expect(within(transcript()).getByText("Two three")).toBeTruthy();
    expect(within(transcript()).getByText("Four")).toBeTruthy();
  });

  it("is drawn afresh when the final text is another one", () => {
    const { emit } = draw();
    emit(event("message:chunk", { messageId: "a1", offset: 0, text: "Wrong" }));
    emit(event("message:complete", { message: agent("**Right**") }));
    expect(messages().at(-1)).not.toContain("Wrong");
    expect(within(transcript()).getByText("Right").localName).toBe("strong");
  });

  it("can be stopped, and says that it was", () => {
    const { emit, transport } = draw();
    emit(event("message:chunk", { messageId: "a1", offset: 0, text: "We" }));
    fireEvent.click(screen.getByRole("button", { name: "Stop answering" }));
    expect(transport.stop).toHaveBeenCalledExactlyOnceWith("h1");
    emit(event("message:complete", { message: agent("We"), stopped: true }));
    expect(messages().at(-1)).toContain("Stopped");
    expect(screen.getByRole("button", { name: "Send message" })).toBeTruthy();
  });

  it("that failed says so as an alert, whose button asks the last question again", async () => {
    const { emit, input, transport } = draw();
    emit(snapshot([user("Do you ship?")]));
    emit(event("error", { code: "platform_timeout", message: "", retryable: true }));
    const alert = screen.getByRole("alert");
    expect(alert.textContent).toContain("could not be finished");
    fireEvent.input(input, { target: { value: "Half a sent" } });
    fireEvent.click(within(alert).getByRole("button", { name: "Try again" }));
    await vi.waitFor(() => expect(transport.send).toHaveBeenCalledOnce());
    expect(transport.send.mock.calls[0]?.[0].content).toBe("Do you ship?");
    expect(screen.queryByRole("alert")).toBeNull();
    expect(input.value).toBe("Half a sent");
    expect(document.activeElement).toBe(input);
  });

  it("that failed for good has no button to ask again", () => {
    const { emit } = draw();
    emit(snapshot([user("Do you ship?")]));
    emit(event("error", { code: "answer_lost", message: "", retryable: false }));
    expect(within(screen.getByRole("alert")).queryByRole("button")).toBeNull();
  });

  it("is said to a screen reader, and what the agent does before it", () => {
    const { emit } = draw();
    const region = document.querySelector(".unseen:has([aria-live])");
    emit(snapshot([user("Hello")], { state: "thinking" }));
    expect(region?.textContent).toBe("Thinking…");
    emit(event("message:complete", { message: agent("We **ship**.") }));
    expect(region?.textContent).toBe("We ship.");
  });
});

describe("the panel", () => {
  it("closes with Esc, and keeps the keys from the page's shortcuts", () => {
    const onKeyDown = vi.fn();
    document.addEventListener("keydown", onKeyDown);
    const { input, view } = draw();
    fireEvent.keyDown(input, { key: "/" });
    fireEvent.keyDown(input, { key: "Escape" });
    document.removeEventListener("keydown", onKeyDown);
    expect(view.isOpen.value).toBe(false);
    expect(onKeyDown).not.toHaveBeenCalled();
  });

  it("does not close with the Esc that ends a composition", () => {
    const { input, view } = draw();
    fireEvent.keyDown(input, { key: "Escape", isComposing: true });
    expect(view.isOpen.value).toBe(true);
  });

  it("moves the focus to the composer when a visitor opens it, and only then", () => {
    const { input, view } = draw();
    expect(document.activeElement).toBe(input);
    act(() => view.close());
    input.blur();
    act(() => view.open(false));
    expect(document.activeElement).not.toBe(input);
  });

  it("starts a new conversation, if the proxy has more than one", () => {
    const { chat, emit, view } = draw();
    expect(screen.queryByRole("button", { name: "New conversation" })).toBeNull();
    emit(snapshot([user("Hello"), agent("Hi")]));
    fireEvent.click(screen.getByRole("button", { name: "New conversation" }));
    expect(chat.transcript.value.entries).toEqual([]);
    expect(screen.getByText("How can we help?")).toBeTruthy();
    act(() => void (view.config.value = { ...view.config.value, newConversation: false }));
    act(() => void chat.send("Again"));
    expect(screen.queryByRole("button", { name: "New conversation" })).toBeNull();
  });

  it("has a calm line while the connection is lost", () => {
    const { listeners } = draw();
    act(() => listeners[0]?.onConnection("lost"));
    expect(screen.getByText("Connection lost. Reconnecting…")).toBeTruthy();
    act(() => listeners[0]?.onConnection("live"));
    expect(screen.queryByText("Connection lost. Reconnecting…")).toBeNull();
  });

  it("says so when it is the browser that is offline", () => {
    const onLine = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    const { listeners } = draw();
    act(() => listeners[0]?.onConnection("lost"));
    expect(screen.getByText("You're offline.")).toBeTruthy();
    onLine.mockRestore();
  });

  it("says when a person takes over", () => {
    const { emit } = draw();
    emit(event("conversation:status", { status: "escalated" }));
    expect(screen.getByText("A person has been asked to take over.")).toBeTruthy();
  });

  it("draws no message anew for a piece of another one", async () => {
    const { emit } = draw();
    const earlier = Array.from({ length: 10 }, (_, index) => [
      user(`Question ${index}`, `u${index}`),
      agent(`Answer ${index}`, `a${index}`),
    ]);
    emit(snapshot([...earlier.flat(), user("Next?", "u99")]));
    const formatted = vi.spyOn(Date.prototype, "toDateString");
    emit(event("message:chunk", { messageId: "a99", offset: 0, text: "One" }));
    emit(event("message:chunk", { messageId: "a99", offset: 3, text: " two" }));
    await vi.waitFor(() => expect(messages().at(-1)).toContain("One two"));
    expect(formatted.mock.calls.length).toBeLessThan(5);
    formatted.mockRestore();
  });

  it("takes other words at run time, in the messages too", () => {
    const { emit, view } = draw();
    emit(snapshot([user("Hello"), agent("Hi")]));
    act(() => void (view.config.value = { ...view.config.value, texts: { youSaid: "Me:" } }));
    expect(messages()[0]).toMatch(/^Me:Hello/);
  });

  it("loads older messages by their button", async () => {
    const { emit, transport } = draw();
    transport.messages.mockResolvedValueOnce({ messages: [user("Older", "u0")], hasMore: false });
    emit(snapshot([user("Newer"), agent("Hi")], { hasMore: true }));
    fireEvent.click(screen.getByRole("button", { name: "Earlier messages" }));
    await screen.findByText("Older");
    expect(messages()[0]).toContain("Older");
    expect(screen.queryByRole("button", { name: "Earlier messages" })).toBeNull();
  });

  it("keeps the draft while it is closed", () => {
    const { input, view } = draw();
    fireEvent.input(input, { target: { value: "Half a sent" } });
    act(() => view.close());
    act(() => view.open(true));
    expect(input.value).toBe("Half a sent");
  });
});
