import { Component, createRef } from "preact";
import { type Draw, createMarkdown } from "../markdown/index.ts";
import type { Strings } from "../locales/en.ts";

type MarkdownProps = { strings: Strings; text: string; isStreaming: boolean };

/** An agent's text. While it grows only its last block is drawn again. */
export class Markdown extends Component<MarkdownProps> {
  #parent = createRef<HTMLDivElement>();
  #draw: Draw | undefined;

  override componentDidMount(): void {
    const parent = this.#parent.current;
    if (parent) this.#draw = createMarkdown(parent, this.props.strings);
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    this.#draw?.(this.props.text, this.props.isStreaming);
  }

  override render() {
    return (
      <div class={`markdown ${this.props.isStreaming ? "streaming" : ""}`} ref={this.#parent} />
    );
  }
}
