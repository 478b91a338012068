import { fireEvent, render, screen } from "@testing-library/preact";
import { createRef } from "preact";
import { describe, expect, it, vi } from "vitest";
import { Composer } from "../../widget/components/Composer.tsx";
import { strings as en } from "../../widget/locales/en.ts";
import "./set-up.ts";

function draw(props: { value?: string; limit?: number; isAnswering?: boolean } = {}) {
  const actions = { onInput: vi.fn(), onSend: vi.fn(), onStop: vi.fn() };
  render(
    <Composer
      strings={en}
      value=""
      limit={100}
      isAnswering={false}
      input={createRef<HTMLTextAreaElement>()}
      {...actions}
      {...props}
    />,
  );
  const input = screen.getByRole("textbox", { name: "Message" });
  return { ...actions, input, press: (init: object) => fireEvent.keyDown(input, init) };
}

describe("the composer", () => {
  it("sends the trimmed text with Enter, and leaves no line break behind", () => {
    const { onSend, press } = draw({ value: "  Hello \n" });
    expect(press({ key: "Enter" })).toBe(false);
    expect(onSend).toHaveBeenCalledExactlyOnceWith("Hello");
  });

  it("breaks the line with Shift+Enter", () => {
    const { onSend, press } = draw({ value: "Hello" });
    expect(press({ key: "Enter", shiftKey: true })).toBe(true);
    expect(onSend).not.toHaveBeenCalled();
  });

  it.each([
    ["while a word is composed", { isComposing: true }],
    ["that ends a composition in Safari", { keyCode: 229 }],
  ])("does not send with an Enter %s", (_, init) => {
    const { onSend, press } = draw({ value: "こんにちは" });
    press({ key: "Enter", ...init });
    expect(onSend).not.toHaveBeenCalled();
  });

  it("sends with the button", () => {
    const { onSend } = draw({ value: "Hello" });
    fireEvent.click(screen.getByRole("button", { name: "Send message" }));
    expect(onSend).toHaveBeenCalledExactlyOnceWith("Hello");
  });

  it.each([
    ["blank text", { value: " \n " }],
    ["more than the limit", { value: "x".repeat(101) }],
    ["anything during an answer", { value: "Hello", isAnswering: true }],
  ])("does not send %s", (_, props) => {
    const { onSend, press } = draw(props);
    press({ key: "Enter" });
    expect(onSend).not.toHaveBeenCalled();
  });

  it("passes on what is typed", () => {
    const { input, onInput } = draw();
    fireEvent.input(input, { target: { value: "Hi" } });
    expect(onInput).toHaveBeenCalledExactlyOnceWith("Hi");
  });

  it("has a stop button in place of the send button during an answer", () => {
    const { onStop } = draw({ isAnswering: true });
    expect(screen.queryByRole("button", { name: "Send message" })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Stop answering" }));
    expect(onStop).toHaveBeenCalledOnce();
  });

  it.each([
    [90, null],
    [91, "9 left"],
    [100, "0 left"],
    [103, "3 too many"],
  ])("with %d of 100 characters says %j", (length, text) => {
    const { input } = draw({ value: "x".repeat(length) });
    expect(screen.queryByRole("status")?.textContent ?? null).toBe(text);
    expect(input.getAttribute("aria-invalid")).toBe(String(length > 100));
  });
});
