import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

const PHONE = "(max-width: 480px)";

/**
 * True on a phone, where the panel fills the screen. There it follows the visual viewport, because
 * the keyboard of iOS covers the page without resizing it.
 */
export function usePhone(panel: RefObject<HTMLElement | null>): boolean {
  const [isPhone, setIsPhone] = useState(() => matchMedia(PHONE).matches);

  useEffect(() => {
    const media = matchMedia(PHONE);
    const onChange = () => setIsPhone(media.matches);
    media.addEventListener("change", onChange);
    return () => media.removeEventListener("change", onChange);
  }, []);

  useEffect(() => {
    const { visualViewport: viewport } = window;
    const style = panel.current?.style;
    if (!isPhone || !viewport || !style) return undefined;
    const fit = () => {
      style.setProperty("--height", `${viewport.height}px`);
      style.setProperty("--top", `${viewport.offsetTop}px`);
    };
    fit();
    viewport.addEventListener("resize", fit);
    viewport.addEventListener("scroll", fit);
    return () => {
      viewport.removeEventListener("resize", fit);
      viewport.removeEventListener("scroll", fit);
    };
  }, [isPhone]);

  return isPhone;
}
