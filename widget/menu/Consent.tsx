import { Component, type RefObject } from "preact";
import { styled, type PartProps } from "../components/lazy.tsx";
import { Markdown } from "../components/Markdown.tsx";
import { effect } from "@preact/signals-core";
import css from "./consent.css?inline";

type ConsentProps = PartProps & {
  button: RefObject<HTMLButtonElement | null>;
  /** Puts the focus where one writes. */
  onWrite: () => void;
};

const styles = styled(css);

/** An agent's relative links are none; those of the page's author lead to where the page's own do. */
const resolveLinks = (text: string): string =>
  text.replace(/\]\(([^)\s]+)/g, (link, address: string) =>
    URL.canParse(address, document.baseURI) ? `](${new URL(address, document.baseURI).href}` : link,
  );

/** Takes the composer's place until the visitor has agreed to the text of the page's author. */
export class Part extends Component<ConsentProps> {
  override componentDidMount(): void {
    const { button, view } = this.props;
    if (view.takesFocus.value) button.current?.focus({ preventScroll: true });
  }

  #agree = (): void => {
    const { chat, view, onWrite } = this.props;
    view.needsConsent.value = false;
    // When the composer is there.
    setTimeout(onWrite);
    // With the first message: nothing is stored before.
    const stop = effect(() => {
      if (chat.transcript.value.entries.length === 0) return;
      chat.store.write({ hasConsented: true });
      setTimeout(() => stop());
    });
  };

  override render() {
    const { strings, view, button } = this.props;
    return (
      <div class="consent" ref={styles}>
        <Markdown
          strings={strings}
          text={resolveLinks(view.config.value.consent)}
          isStreaming={false}
        />
        <button type="button" class="action" ref={button} onClick={this.#agree}>
          {strings.agree}
        </button>
      </div>
    );
  }
}
