import { useLayoutEffect, useRef } from "preact/hooks";
import { createMarkdown } from "../markdown/index.ts";
import type { Strings } from "../locales/en.ts";

type MarkdownProps = { strings: Strings; text: string; isStreaming: boolean };

type Drawing = ReturnType<typeof createMarkdown> & { text: string; isEnded: boolean };

/**
 * An agent's text. While it grows only what is new is appended; a text that does not begin with what
 * was drawn (the final one may differ) is drawn afresh.
 */
export function Markdown({ strings, text, isStreaming }: MarkdownProps) {
  const parent = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing>(null);

  useLayoutEffect(() => {
    if (!parent.current) return;
    let drawn = drawing.current;
    if (!drawn || !text.startsWith(drawn.text) || (drawn.isEnded && text !== drawn.text)) {
      parent.current.replaceChildren();
      const labels = { copyLabel: strings.copy, copiedLabel: strings.copied };
      drawn = { ...createMarkdown(parent.current, labels), text: "", isEnded: false };
    }
    if (text.length > drawn.text.length) drawn.append(text.slice(drawn.text.length));
    drawn.text = text;
    if (!isStreaming && !drawn.isEnded) {
      drawn.end();
      drawn.isEnded = true;
    }
    drawing.current = drawn;
  }, [text, isStreaming]);

  return <div class={`markdown ${isStreaming ? "streaming" : ""}`} ref={parent} />;
}
