import { createElement } from "./element.ts";

export type Labels = { copy: string; copied: string };

/** How long the button says that it has copied, in milliseconds. */
const COPIED_TIME = 2000;

/** A frame with the language, a copy button and the code, which the caller fills. */
export function createCodeBlock(language: string, labels: Labels) {
  const frame = createElement("div", { class: "code" });
  const name = createElement("span", { class: "language" });
  // What scrolls is no stop of the Tab key, as some browsers would have it: its content is one, when
  // its message is current.
  const pre = createElement("pre", { tabindex: "-1" });
  const code = createElement("code", {});
  name.textContent = language;
  pre.append(code);
  frame.append(name, createCopyButton(code, labels), pre);
  return { frame, code };
}

/** The button is a live region: a screen reader says that it has copied. */
function createCopyButton(code: Element, { copy, copied }: Labels): Element {
  const attributes = { class: "copy", type: "button", "aria-live": "polite" };
  const button = createElement("button", attributes);
  let timer: ReturnType<typeof setTimeout>;
  button.textContent = copy;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      // No permission, or a page without TLS: the visitor can still press Ctrl+C.
      document.getSelection()?.selectAllChildren(code);
      return;
    }
    button.textContent = copied;
    clearTimeout(timer);
    timer = setTimeout(() => {
      button.textContent = copy;
    }, COPIED_TIME);
  });
  return button;
}
