/** What can be reached inside a message; code and tables because they scroll. */
const CONTROLS = "a, button, pre code, table";

const STEPS: Partial<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  Home: -Infinity,
  End: Infinity,
};

/**
 * Makes the messages of `list` one stop of the Tab key: Up, Down, Home and End move between
 * them, and only the current one's controls follow. That is the last one until the focus is in another.
 */
export function rove(list: HTMLElement): void {
  const messages = list.children as HTMLCollectionOf<HTMLElement>;
  let current: Element | null | undefined;

  const setTabIndex = (message: Element): void => {
    // What has the focus is read by its name: all that is said in it, without what can be done.
    const parts = Array.from(message.children);
    message.ariaLabelledByElements = parts.filter(({ className }) => className !== "tools");
    for (const stop of [message, ...message.querySelectorAll(CONTROLS)]) {
      stop.setAttribute("tabindex", message === current ? "0" : "-1");
    }
  };

  const choose = (message: Element | null | undefined): void => {
    const before = current;
    current = message;
    if (before && before !== message) setTabIndex(before);
    if (message) setTabIndex(message);
  };

  const messageOf = (target: EventTarget | null) => (target as Element).closest(".message");

  list.addEventListener("focusin", ({ target }) => choose(messageOf(target)));

  list.addEventListener("keydown", (event) => {
    const { altKey, ctrlKey, metaKey, shiftKey } = event;
    const step = STEPS[event.key];
    if (!step || altKey || ctrlKey || metaKey || shiftKey) return;
    event.preventDefault();
    const index = Array.from<Element>(messages).indexOf(current as Element) + step;
    const next = messages[Math.max(0, Math.min(index, messages.length - 1))];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
  });

  const update = (changed: readonly Element[]): void => {
    new Set(changed).forEach(setTabIndex);
    if (!list.matches(":focus-within")) choose(list.lastElementChild);
  };

  // Links and buttons come at any time, with the text or with the answer's end.
  new MutationObserver((records) =>
    update(
      records.flatMap(({ addedNodes, target }) =>
        target === list ? (Array.from(addedNodes) as Element[]) : (messageOf(target) ?? []),
      ),
    ),
  ).observe(list, { childList: true, subtree: true });
  choose(list.querySelector(":focus")?.closest(".message"));
  update(Array.from(messages));
}
