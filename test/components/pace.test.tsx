/** How often the panel draws an answer that is under way. */
import { act, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { agent, drawPanel as draw, event, messages, snapshot, user } from "./draw-panel.tsx";

describe("an answer that grows", () => {
  const frames: FrameRequestCallback[] = [];
  const piece = (offset: number, text: string) =>
    event("message:chunk", { messageId: "a1", offset, text });
  const [one, two, three] = [piece(0, "One"), piece(3, " two"), piece(7, " three")];
  const last = () => messages().at(-1);
  const advance = (milliseconds: number) => {
    clock += milliseconds;
    vi.advanceTimersByTime(milliseconds);
  };
  /** Draws what is due, which takes the browser so long. */
  const drawFrame = (milliseconds = 0) => {
    act(() => {
      for (const frame of frames.splice(0)) frame(clock);
    });
    clock += milliseconds;
    vi.advanceTimersByTime(0);
  };
  let clock = 1000;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    vi.spyOn(performance, "now").mockImplementation(() => clock);
    vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) => frames.push(frame));
  });

  afterEach(() => {
    frames.length = 0;
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it("is drawn 20 times a second at most, however many pieces come, and at once when it ends", () => {
    const { emit } = draw();
    emit(snapshot([user("Hello")], { state: "thinking" }), one, two);
    expect(screen.queryByText(/One/)).toBeNull();
    drawFrame();
    expect(last()).toContain("One two");
    emit(three);
    advance(49);
    expect(frames).toEqual([]);
    advance(1);
    drawFrame();
    expect(last()).toContain("three");
    emit(event("message:complete", { message: agent("One two three four") }));
    expect(last()).toContain("four");
  });

  it("takes a slow device a fifth of its time at most", () => {
    const { emit } = draw();
    emit(snapshot([user("Hello")], { state: "thinking" }), one);
    drawFrame(60);
    emit(two);
    drawFrame(60);
    expect(last()).toContain("two");
    emit(three);
    advance(5 * 60 - 60 - 1);
    expect(frames).toEqual([]);
    advance(1);
    drawFrame();
    expect(last()).toContain("three");
  });

  it("is drawn no more often while a message waits behind it", () => {
    const { chat, emit } = draw();
    emit(snapshot([user("Hello")], { state: "thinking" }), one);
    drawFrame();
    act(() => void chat.send("And you?"));
    drawFrame();
    emit(two);
    expect(messages().join()).not.toContain("two");
    advance(50);
    drawFrame();
    expect(messages().join()).toContain("One two");
  });
});
