/** Functions that run inside the page: they know nothing but the page, and leave marks or give results. */

/** Marks `launcher` when the launcher has been painted. To run before the page's own scripts. */
export function watchLauncher(): void {
  const observer = new MutationObserver(() => {
    if (!document.querySelector("lex-chat-widget")) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => performance.mark("launcher")));
  });
  observer.observe(document, { childList: true, subtree: true });
}

/** Marks `click` when the visitor clicks, and `input` when the composer has the focus and can be typed into. */
export function watchOpening(): void {
  const onClick = ({ timeStamp }: Event): void =>
    void performance.mark("click", { startTime: timeStamp });
  addEventListener("click", onClick, { capture: true, once: true });
  // Focus that moves within a shadow root is not told outside of it.
  const root = document.querySelector("lex-chat-widget")?.shadowRoot;
  root?.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLTextAreaElement) performance.mark("input");
  });
}

/** Marks `restored` when a message with this text has been painted. */
export function watchMessage(text: string): void {
  const root = document.querySelector("lex-chat-widget")?.shadowRoot;
  function look(): void {
    const messages = [...(root?.querySelectorAll("li.message") ?? [])];
    if (!messages.some(({ textContent }) => textContent.includes(text)))
      return void requestAnimationFrame(look);
    setTimeout(() => performance.mark("restored"));
  }
  look();
}

/** How long each long task took that the page has had, and how far its content has shifted. */
export function readDisturbances(): Promise<{ longTasks: number[]; shift: number }> {
  const read = (type: string): Promise<PerformanceEntry[]> =>
    new Promise((resolve) => {
      const observer = new PerformanceObserver((list) => resolve(list.getEntries()));
      observer.observe({ type, buffered: true });
      // What was recorded before is told at once; of nothing nothing is told.
      setTimeout(() => resolve([]), 100);
    });
  return Promise.all([read("longtask"), read("layout-shift")]).then(([tasks, shifts]) => ({
    longTasks: tasks.map(({ duration }) => duration),
    shift: (shifts as Array<PerformanceEntry & { value: number }>).reduce(
      (total, { value }) => total + value,
      0,
    ),
  }));
}

/** Milliseconds between two frames, one after the other; `endedAt` is in milliseconds since 1970. */
export type Frames = { gaps: number[]; endedAt: number; text: string };

/**
 * Counts frames from now until a further answer has ended and been painted; rejects after a minute.
 * The promise is in an object, so that a caller outside the page can wait until the watch stands.
 */
export function watchAnswer(): { frames: Promise<Frames> } {
  const deadline = performance.now() + 60_000;
  const root = document.querySelector("lex-chat-widget")?.shadowRoot;
  const readAnswers = (): Element[] => [...(root?.querySelectorAll("li.assistant") ?? [])];
  const answersBefore = readAnswers().length;
  const gaps: number[] = [];
  let last = performance.now();
  const frames = new Promise<Frames>((resolve, reject) => {
    function onFrame(): void {
      const now = performance.now();
      gaps.push(now - last);
      last = now;
      if (now > deadline) return reject(new Error("The answer did not end on the screen."));
      const answers = readAnswers();
      const isAnswering = Boolean(root?.querySelector("button.send[type=button]"));
      if (answers.length === answersBefore || isAnswering) {
        return void requestAnimationFrame(onFrame);
      }
      const text = answers.at(-1)?.textContent ?? "";
      setTimeout(() =>
        resolve({ gaps, endedAt: performance.timeOrigin + performance.now(), text }),
      );
    }
    requestAnimationFrame(onFrame);
  });
  return { frames };
}
