/** Runs `look` now and every `ms` while the page is seen, one at a time. Returns what ends it. */
export function poll(look: () => Promise<unknown>, ms: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isLooking = false;
  let isOver = false;

  async function run(): Promise<void> {
    clearTimeout(timer);
    if (isOver || isLooking || document.hidden) return;
    isLooking = true;
    await look().catch(() => undefined);
    isLooking = false;
    timer = setTimeout(run, ms);
    if (isOver) clearTimeout(timer);
  }

  document.addEventListener("visibilitychange", run);
  void run();
  return () => {
    isOver = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", run);
  };
}
