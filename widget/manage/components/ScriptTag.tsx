import { Component, createRef } from "preact";

const COPIED_MS = 2000;

type ScriptTagProps = { html: string; origins: readonly string[] };

/** The script tag to paste, and who may use it. */
export class ScriptTag extends Component<ScriptTagProps, { isCopied: boolean }> {
  override state = { isCopied: false };
  #code = createRef<HTMLElement>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
  }

  #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.props.html);
    } catch {
      // Without https, or without leave: selected, it can be copied by hand.
      if (this.#code.current) getSelection()?.selectAllChildren(this.#code.current);
      return;
    }
    this.setState({ isCopied: true });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.setState({ isCopied: false }), COPIED_MS);
  };

  override render() {
    const { html, origins } = this.props;
    const { isCopied } = this.state;
    return (
      <section class="card" aria-labelledby="install">
        <div class="card-head">
          <h2 id="install">On your pages</h2>
          <button type="button" class="plain" onClick={this.#copy}>
            {isCopied ? "Copied" : "Copy script tag"}
          </button>
          <output class="unseen">{isCopied && "Copied"}</output>
        </div>
        <pre class="script-tag">
          <code ref={this.#code}>{html}</code>
        </pre>
        <p class="quiet">
          {origins.length === 0
            ? "No page may use the chat yet: set ALLOWED_ORIGINS on the proxy."
            : `Pages that may use the chat: ${origins.join(", ")}. `}
          {origins.length > 0 && "The branding comes with it: a change needs no other tag."}
        </p>
      </section>
    );
  }
}
