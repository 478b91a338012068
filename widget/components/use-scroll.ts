import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Entry } from "../state/transcript.ts";

/** The reader counts as being at the bottom within this many pixels. */
const NEAR = 48;

/**
 * Keeps the newest text in view while the reader is at the bottom, and the reader's place otherwise;
 * `onTop` is called when the oldest message comes into view.
 */
export function useScroll(entries: readonly Entry[], onTop: (() => void) | undefined) {
  const scroller = useRef<HTMLDivElement>(null);
  const isAtBottom = useRef(true);
  const before = useRef({ first: "", last: "", height: 0 });
  const [hasNews, setHasNews] = useState(false);

  function toBottom() {
    isAtBottom.current = true;
    setHasNews(false);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }

  function onScroll() {
    const element = scroller.current;
    if (!element) return;
    isAtBottom.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    if (isAtBottom.current) setHasNews(false);
    if (element.scrollTop < NEAR && !isAtBottom.current) onTop?.();
  }

  useLayoutEffect(() => {
    const element = scroller.current;
    const [first, last] = [entries[0], entries.at(-1)];
    if (!element || !first || !last) return;
    const { current } = before;
    const isOlder = current.last === last.uid && current.first !== first.uid;
    const isOwn = current.last !== last.uid && last.delivery === "sending";
    if (isAtBottom.current || isOwn) toBottom();
    else if (isOlder) element.scrollTop += element.scrollHeight - current.height;
    else if (element.scrollHeight > current.height) setHasNews(true);
    before.current = { first: first.uid, last: last.uid, height: element.scrollHeight };
  }, [entries]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      if (isAtBottom.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return { scroller, hasNews, onScroll, toBottom };
}
