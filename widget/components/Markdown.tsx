import { Component, createRef } from "preact";
import { createMarkdown } from "../markdown/index.ts";
import type { Strings } from "../locales/en.ts";

type MarkdownProps = { strings: Strings; text: string; isStreaming: boolean };

/**
 * An agent's text. While it grows only what is new is appended; a text that does not begin with what
 * was drawn (the final one may differ) is drawn afresh.
 */
export class Markdown extends Component<MarkdownProps> {
  #parent = createRef<HTMLDivElement>();
  #markdown: ReturnType<typeof createMarkdown> | undefined;
  #drawn = "";
  #isEnded = false;

  override componentDidMount(): void {
    this.#draw();
  }

  override componentDidUpdate(): void {
    this.#draw();
  }

  #draw(): void {
    const { strings, text, isStreaming } = this.props;
    const parent = this.#parent.current;
    if (!parent) return;
    const isOther = !text.startsWith(this.#drawn) || (this.#isEnded && text !== this.#drawn);
    if (!this.#markdown || isOther) {
      parent.replaceChildren();
      this.#markdown = createMarkdown(parent, strings);
      this.#drawn = "";
      this.#isEnded = false;
    }
    if (text.length > this.#drawn.length) this.#markdown.append(text.slice(this.#drawn.length));
    this.#drawn = text;
    if (isStreaming || this.#isEnded) return;
    this.#markdown.end();
    this.#isEnded = true;
  }

  override render() {
    return (
      <div class={`markdown ${this.props.isStreaming ? "streaming" : ""}`} ref={this.#parent} />
    );
  }
}
