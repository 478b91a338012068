/** Too small for a page and a chat beside it; panel.css says the same. */
export const PHONE = "(max-width: 480px), (max-height: 480px)";

/**
 * Gives `element` the height and place of the visual viewport, which the panel fills on a phone: the
 * keyboard of iOS covers a page without resizing it. Returns the function that ends it.
 */
export function followViewport({ style }: HTMLElement): () => void {
  const done = new AbortController();
  const viewport = window.visualViewport;
  const phone = matchMedia(PHONE);
  const fit = () => {
    // To ask for a place is to lay the whole page out.
    if (!phone.matches) return;
    style.setProperty("--height", `${viewport?.height}px`);
    style.setProperty("--top", `${viewport?.offsetTop}px`);
  };
  // At once: a page may have given these names to something else.
  fit();
  phone.addEventListener("change", fit, done);
  viewport?.addEventListener("resize", fit, done);
  viewport?.addEventListener("scroll", fit, done);
  return () => done.abort();
}
