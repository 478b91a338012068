/** Too small for a page and a chat beside it; panel.css says the same. */
export const PHONE = "(max-width: 480px), (max-height: 480px)";

/**
 * Gives `element` the height and place of the visual viewport, which the panel fills on a phone: the
 * keyboard of iOS covers a page without resizing it. Ends with the `signal` of `scope`.
 */
export function followViewport({ style }: HTMLElement, scope: { signal: AbortSignal }): void {
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
  phone.addEventListener("change", fit, scope);
  viewport?.addEventListener("resize", fit, scope);
  viewport?.addEventListener("scroll", fit, scope);
}
