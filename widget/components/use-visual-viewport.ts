import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/**
 * Gives the panel the height and place of the visual viewport, which it fills on a phone: the
 * keyboard of iOS covers a page without resizing it.
 */
export function useVisualViewport(panel: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const { visualViewport: viewport } = window;
    const style = panel.current?.style;
    if (!viewport || !style) return undefined;
    const fit = () => {
      style.setProperty("--height", `${viewport.height}px`);
      style.setProperty("--top", `${viewport.offsetTop}px`);
    };
    const done = new AbortController();
    viewport.addEventListener("resize", fit, done);
    viewport.addEventListener("scroll", fit, done);
    return () => done.abort();
  }, []);
}
