import { act, render } from "@testing-library/preact";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { LiveRegion } from "../../widget/components/LiveRegion.tsx";
import { strings } from "../../widget/locales/en.ts";
import { emptyTranscript, type Entry, type Transcript } from "../../widget/state/transcript.ts";
import "./set-up.ts";

const entry = (uid: string, role: Entry["role"], content: string, rest = {}): Entry => ({
  id: uid,
  uid,
  role,
  content,
  created_at: "2026-03-01T12:00:00.000Z",
  ...rest,
});
const user = (content: string, uid = "u1") => entry(uid, "user", content, { delivery: "sending" });
const agent = (content: string, uid = "a1") => entry(uid, "assistant", content);
const growing = (content: string, uid = "a1") =>
  entry(uid, "assistant", content, { isStreaming: true });

/** The region over an empty conversation, and every text that was put into it from then on. */
function listen() {
  const draw = (transcript: Transcript) => <LiveRegion strings={strings} transcript={transcript} />;
  const { container, rerender } = render(draw(emptyTranscript));
  const texts = () => container.querySelector("[aria-live=polite]")?.textContent;
  expect(container.querySelector("output")?.textContent).toBe("");
  expect(texts()).toBe("");
  const observer = new MutationObserver(() => undefined);
  observer.observe(container, { childList: true, characterData: true, subtree: true });
  onTestFinished(() => observer.disconnect());
  const said: Array<string | null> = [];
  const show = (entries: Entry[], rest: Partial<Transcript> = {}) => {
    act(() => rerender(draw({ ...emptyTranscript, entries, ...rest })));
    const changed = observer
      .takeRecords()
      .flatMap(({ addedNodes, target }) =>
        target instanceof Text ? [target] : Array.from(addedNodes),
      );
    said.push(...changed.map(({ textContent }) => textContent).filter(Boolean));
  };
  return { said, show, texts };
}

describe("the live region", () => {
  it("says each sentence once, when it is whole, without the signs of Markdown", () => {
    const { said, show } = listen();
    const text = "We **ship** to [Austria](https://example.com). It takes `2` days.\n\n- Free";
    show([user("Hi")]);
    for (let length = 1; length <= text.length; length++) {
      show([user("Hi"), growing(text.slice(0, length))], { state: "responding" });
    }
    show([user("Hi"), agent(text)]);
    show([user("Hi"), agent(text)]);
    expect(said).toEqual(["We ship to Austria.", "It takes 2 days.", "Free"]);
  });

  it("says every message of several that come at once, and nothing of the visitor's own", () => {
    const { said, show } = listen();
    show([user("Hi")]);
    show([user("Hi"), agent("One.", "a1"), user("You?", "u2"), agent("Two.", "a2")]);
    expect(said).toEqual(["One.", "Two."]);
  });

  it("says what is answered before a message that waits, and then the answer to that", () => {
    const { said, show } = listen();
    const [first, second] = [user("Hi", "u1"), user("You?", "u2")];
    show([first]);
    show([first, second]);
    show([first, agent("One.", "a1"), second]);
    show([first, agent("One.", "a1"), second, agent("Two.", "a2")]);
    expect(said).toEqual(["One.", "Two."]);
  });

  it.each([
    ["a conversation", [user("Hi"), agent("Old.")]],
    ["a stopped answer", [user("Hi"), { ...agent("Old"), wasStopped: true }]],
    ["the beginning of an answer", [user("Hi"), growing("Old. Older. And")]],
  ])("says nothing of %s that is restored", (_, entries) => {
    const { said, show } = listen();
    show(entries, entries.at(-1)?.isStreaming ? { state: "responding" } : {});
    expect(said).toEqual([]);
  });

  it("says what comes after the beginning that was restored", () => {
    const { said, show } = listen();
    show([user("Hi"), growing("Old. We")], { state: "responding" });
    show([user("Hi"), agent("Old. We ship.")]);
    expect(said).toEqual(["ship."]);
  });

  it("says nothing of another conversation that is opened", () => {
    const { said, show } = listen();
    show([user("Hi")]);
    show([user("Hi"), agent("One.")]);
    show([user("Other", "u8"), agent("Else.", "a8")]);
    expect(said).toEqual(["One."]);
  });

  it("says that the agent thinks, which tool it uses, and that it was stopped", () => {
    const { said, show } = listen();
    show([user("Hi")], { state: "thinking" });
    show([user("Hi")], { state: "thinking", tool: "order_status" });
    show([user("Hi"), growing("We")], { state: "responding" });
    show([user("Hi"), { ...agent("We"), wasStopped: true }]);
    expect(said).toEqual(["Thinking…", "Using order status…", "Stopped", "We"]);
  });

  it("is empty again after a while, so that nobody reads an answer twice", () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { show, texts } = listen();
    show([user("Hi")]);
    show([user("Hi"), agent("One.")]);
    expect(texts()).toBe("One.");
    act(() => void vi.advanceTimersByTime(10_000));
    expect(texts()).toBe("");
    show([user("Hi"), agent("One."), agent("Two.", "a2")]);
    expect(texts()).toBe("Two.");
  });
});
