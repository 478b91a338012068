import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { render } from "./render.ts";

function renderCode() {
  const root = render(["```js\nlet a = 1;\n\nlet b;\n```"]);
  document.body.replaceChildren(root);
  const button = root.querySelector("button");
  if (!button) throw new Error("There is no button.");
  return { root, button };
}

describe("the copy button of a code block", () => {
  const writeText = vi.fn<(text: string) => Promise<void>>();

  beforeEach(() => {
    vi.useFakeTimers();
    writeText.mockReset().mockResolvedValue();
    vi.stubGlobal("navigator", { clipboard: { writeText } });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("copies the code without a newline at its end", () => {
    renderCode().button.click();
    expect(writeText).toHaveBeenCalledExactlyOnceWith("let a = 1;\n\nlet b;");
  });

  it("says that it has copied, politely and for two seconds", async () => {
    const { button } = renderCode();
    expect(button.textContent).toBe("Copy");
    expect(button.getAttribute("aria-live")).toBe("polite");
    button.click();
    await vi.advanceTimersByTimeAsync(1999);
    expect(button.textContent).toBe("Copied");
    await vi.advanceTimersByTimeAsync(1);
    expect(button.textContent).toBe("Copy");
  });

  it("starts the two seconds anew when it is pressed again", async () => {
    const { button } = renderCode();
    button.click();
    await vi.advanceTimersByTimeAsync(1500);
    button.click();
    await vi.advanceTimersByTimeAsync(1500);
    expect(button.textContent).toBe("Copied");
  });

  it("says it of the block that was copied last", async () => {
    const buttons = render(["```\na\n```\n\n```\nb\n```"]).querySelectorAll("button");
    const says = () => Array.from(buttons, ({ textContent }) => textContent);
    buttons[0]?.click();
    await vi.advanceTimersByTimeAsync(0);
    expect(says()).toEqual(["Copied", "Copy"]);
    buttons[1]?.click();
    await vi.advanceTimersByTimeAsync(0);
    expect(says()).toEqual(["Copy", "Copied"]);
    expect(writeText).toHaveBeenLastCalledWith("b");
    await vi.advanceTimersByTimeAsync(2000);
    expect(says()).toEqual(["Copy", "Copy"]);
  });

  it("selects the code where the clipboard is out of reach", async () => {
    writeText.mockRejectedValue(new Error("not allowed"));
    const { button } = renderCode();
    button.click();
    await vi.advanceTimersByTimeAsync(0);
    expect(String(document.getSelection())).toBe("let a = 1;\n\nlet b;");
    expect(button.textContent).toBe("Copy");
  });

  it("can be used while the code is still coming", () => {
    const root = render(["```\nlet a"]);
    root.querySelector("button")?.click();
    expect(writeText).toHaveBeenCalledWith("let a");
  });
});

it("names the language of a code block", () => {
  expect(renderCode().root.querySelector(".language")?.textContent).toBe("js");
});
