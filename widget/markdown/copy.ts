import { copy } from "../clipboard.ts";

export type Labels = { copy: string; copied: string };

/** How long a button says that it has copied, in milliseconds. */
const COPIED_TIME = 2000;

/** Makes the copy buttons of the code blocks in `parent` work. */
export function listenForCopy(parent: Element, labels: Labels): void {
  let timer: ReturnType<typeof setTimeout>;
  let last: Element | undefined;
  parent.addEventListener("click", async ({ target: button }) => {
    if (!(button instanceof Element) || !button.matches(".copy")) return;
    const code = button.nextElementSibling ?? button;
    if (!(await copy(code.textContent, code))) return;
    if (last) last.textContent = labels.copy;
    last = button;
    button.textContent = labels.copied;
    clearTimeout(timer);
    timer = setTimeout(() => {
      button.textContent = labels.copy;
    }, COPIED_TIME);
  });
}
