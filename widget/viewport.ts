/**
 * Gives `element` the height and place of the visual viewport, which the panel fills on a phone: the
 * keyboard of iOS covers a page without resizing it. Returns the function that ends it.
 */
export function followViewport({ style }: HTMLElement): () => void {
  const done = new AbortController();
  const viewport = window.visualViewport;
  const fit = () => {
    style.setProperty("--height", `${viewport?.height}px`);
    style.setProperty("--top", `${viewport?.offsetTop}px`);
  };
  // At once: a page may have given these names to something else.
  fit();
  viewport?.addEventListener("resize", fit, done);
  viewport?.addEventListener("scroll", fit, done);
  return () => done.abort();
}
