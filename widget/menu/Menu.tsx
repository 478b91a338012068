import { Component, createRef, type TargetedKeyboardEvent } from "preact";
import { effect } from "@preact/signals-core";
import { styled, type PartProps } from "../components/lazy.tsx";
import { toRegional } from "../components/time.ts";
import { Conversations } from "./Conversations.tsx";
import { download } from "./download.ts";
import css from "./menu.css?inline";
import { MenuItems } from "./MenuItems.tsx";
import { Page } from "./Page.tsx";

type MenuProps = PartProps & {
  /** Takes all of it away. */
  onClose: () => void;
  /** Puts the focus where one writes. */
  onWrite: () => void;
};

type Place = "menu" | "conversations" | "forget";

/** A menu that loses the focus closes: the click on its button would open it again. */
const keepFocus = (event: Event) => event.preventDefault();

const styles = styled(css);

/** The menu of the button before it, and the pages that it leads to. */
export class Part extends Component<MenuProps, { place: Place; hasFailed: boolean }> {
  override state = { place: "menu" as Place, hasFailed: false };
  #root = createRef<HTMLDivElement>();
  #stopWatching: (() => void) | undefined;

  override componentDidMount(): void {
    styles(this.#root.current);
    this.#button?.addEventListener("mousedown", keepFocus);
    // The panel closes: the focus is the launcher's.
    this.#stopWatching = effect(() => {
      if (!this.props.view.isOpen.value) this.props.onClose();
    });
  }

  override componentWillUnmount(): void {
    this.#stopWatching?.();
  }

  /** What gets the focus is out of reach until the menu is gone. */
  #close(focus: () => void): void {
    this.props.onClose();
    setTimeout(focus);
  }

  get #button() {
    return this.#root.current?.previousElementSibling as HTMLElement | null | undefined;
  }

  #back = (): void => {
    const button = this.#button;
    this.#close(() => button?.focus());
  };

  #leave = (): void => {
    if (this.state.place === "menu") this.props.onClose();
  };

  #show = (conversation?: string): void => {
    const { chat, onWrite } = this.props;
    if (conversation !== chat.handle) chat.switchTo(conversation);
    this.#close(onWrite);
  };

  #forget = (): void => {
    const { chat, view } = this.props;
    chat.switchTo();
    chat.store.clear();
    view.needsConsent.value = view.config.value.consent !== "";
    this.#close(this.props.onWrite);
  };

  #download = (): void => {
    const { chat, view, strings } = this.props;
    this.setState({ hasFailed: false });
    download(chat, view.config.value, strings).then(this.#back, () =>
      this.setState({ hasFailed: true }),
    );
  };

  #onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    if (event.key !== "Escape") return;
    // Not the panel, which on a phone the browser itself would close.
    event.stopPropagation();
    event.preventDefault();
    this.#back();
  };

  #draw() {
    const { chat, view, strings } = this.props;
    const { place, hasFailed } = this.state;
    const { locale, newConversation } = view.config.value;
    if (place === "conversations") {
      return (
        <Conversations
          chat={chat}
          locale={locale || toRegional(strings.language)}
          strings={strings}
          onBack={this.#back}
          onChoose={this.#show}
        />
      );
    }
    if (place === "forget") {
      return (
        <Page strings={strings} title={strings.deleteData} onBack={this.#back}>
          <p>{strings.deleteWarning}</p>
          <button type="button" class="action danger" onClick={this.#forget}>
            {strings.delete}
          </button>
        </Page>
      );
    }
    const hasText = chat.transcript.value.entries.length > 0;
    return (
      <MenuItems
        name={strings.menu}
        problem={hasFailed && strings.notLoaded}
        onLeave={this.#leave}
        items={[
          newConversation && [
            strings.conversations,
            () => this.setState({ place: "conversations" }),
          ],
          hasText && [strings.download, this.#download],
          chat.store.isKept && [strings.deleteData, () => this.setState({ place: "forget" })],
        ]}
      />
    );
  }

  override render() {
    return (
      // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Esc in all that is in it
      <div ref={this.#root} onKeyDown={this.#onKeyDown}>
        {this.#draw()}
      </div>
    );
  }
}
