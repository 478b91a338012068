export type Labels = { copy: string; copied: string };

/** How long a button says that it has copied, in milliseconds. */
const COPIED_TIME = 2000;

/** Makes the copy buttons of the code blocks in `parent` work. */
export function listenForCopy(parent: Element, { copy, copied }: Labels): void {
  let timer: ReturnType<typeof setTimeout>;
  let last: Element | undefined;
  parent.addEventListener("click", async ({ target: button }) => {
    if (!(button instanceof Element) || !button.matches(".copy")) return;
    const code = button.nextElementSibling ?? button;
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      // No permission, or a page without TLS: the visitor can still press Ctrl+C.
      document.getSelection()?.selectAllChildren(code);
      return;
    }
    if (last) last.textContent = copy;
    last = button;
    button.textContent = copied;
    clearTimeout(timer);
    timer = setTimeout(() => {
      button.textContent = copy;
    }, COPIED_TIME);
  });
}
