/** In milliseconds. */
const SETTLING = 100;

/**
 * Calls `onChange` when another tab has written into the browser's storage; not at once, because what
 * belongs together is written, and arrives, one after the other. Returns the function that ends it.
 */
export function watchOtherTabs(onChange: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onStored = () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLING);
  };
  globalThis.addEventListener?.("storage", onStored);
  return () => {
    globalThis.removeEventListener?.("storage", onStored);
    clearTimeout(timer);
  };
}
