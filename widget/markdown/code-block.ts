export type Labels = { copyLabel: string; copiedLabel: string };

/** How long the button says that it has copied, in milliseconds. */
const COPIED_TIME = 2000;

/** A frame with the language, a copy button and the code, which the caller fills. */
export function createCodeBlock(document: Document, language: string, labels: Labels) {
  const frame = document.createElement("div");
  const code = document.createElement("code");
  const pre = document.createElement("pre");
  frame.className = "code";
  // Long lines scroll, and a keyboard must be able to scroll them.
  pre.tabIndex = 0;
  pre.append(code);
  if (language) {
    const label = document.createElement("span");
    label.className = "language";
    label.textContent = language;
    frame.append(label);
  }
  frame.append(createCopyButton(code, labels), pre);
  return { frame, code };
}

function createCopyButton(code: Element, labels: Labels): HTMLButtonElement {
  const button = code.ownerDocument.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = labels.copyLabel;
  button.setAttribute("aria-live", "polite");
  let timer: ReturnType<typeof setTimeout>;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      // No permission, or a page without TLS: the visitor can still press Ctrl+C.
      code.ownerDocument.getSelection()?.selectAllChildren(code);
      return;
    }
    button.textContent = labels.copiedLabel;
    clearTimeout(timer);
    timer = setTimeout(() => {
      button.textContent = labels.copyLabel;
    }, COPIED_TIME);
  });
  return button;
}
