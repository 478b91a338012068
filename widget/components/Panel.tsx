import { effect } from "@preact/signals-core";
import { Component, createRef, type TargetedKeyboardEvent } from "preact";
import type { Strings } from "../locales/en.ts";
import { Composer } from "./Composer.tsx";
import { Header, Tool } from "./Header.tsx";
import { MORE } from "./Icon.tsx";
import { lazy, type PartProps } from "./lazy.tsx";
import { LiveRegion } from "./LiveRegion.tsx";
import { MessageList } from "./MessageList.tsx";
import { Status } from "./Status.tsx";
import { toRegional } from "./time.ts";
import { Welcome } from "./Welcome.tsx";
import { PHONE } from "../viewport.ts";

type PanelProps = PartProps & {
  /** Part of the page: no dialog, and always open. */
  isInline: boolean;
};

const Menu = lazy(() => import("../menu/Menu.tsx"));
const Consent = lazy(() => import("../menu/Consent.tsx"));
const AnswerTools = lazy(() => import("../menu/AnswerTools.tsx"));
const SignedOut = lazy(() => import("../identity/identity.ts"));

/** In milliseconds, the least between two drawings of an answer: as often as the proxy sends. */
const PACE = 50;
/** Drawing takes one of so many parts of the time. */
const SHARE = 5;

/** What the models say now; read inside an effect, it runs again when any of it changes. */
const read = ({ chat, view }: PartProps) => ({
  transcript: chat.transcript.value,
  isLost: chat.isLost.value,
  refusal: chat.refusal.value,
  isLoadingOlder: chat.isLoadingOlder.value,
  config: view.config.value,
  draft: view.draft.value,
  needsConsent: view.needsConsent.value,
});

type PanelState = ReturnType<typeof read>;

/** The only component that knows the models: the others get what they draw. */
export class Panel extends Component<PanelProps, PanelState & { hasMenu: boolean }> {
  override state = { ...read(this.props), hasMenu: false };
  #dialog = createRef<HTMLDialogElement>();
  /** The composer's field, or the button that has to be pressed before. */
  #input = createRef<HTMLTextAreaElement & HTMLButtonElement>();
  #phone = matchMedia(PHONE);
  #isDue = false;
  #nextAt = 0;
  #pace = PACE;
  #stops: Array<() => void> = [];

  override componentDidMount(): void {
    this.#stops = [effect(this.#show), effect(() => this.#draw(read(this.props)))];
    this.#phone.addEventListener("change", this.#show);
  }

  override componentWillUnmount(): void {
    for (const stop of this.#stops) stop();
    this.#phone.removeEventListener("change", this.#show);
  }

  /** On a phone the panel covers the page, which is then out of reach; `show()` would take the focus. */
  #show = (): void => {
    const dialog = this.#dialog.current;
    const { isOpen, takesFocus } = this.props.view;
    if (!dialog || this.props.isInline) return;
    dialog.close();
    if (!isOpen.value) return;
    if (this.#phone.matches) dialog.showModal();
    else dialog.open = true;
    if (takesFocus.value) this.#focus();
  };

  /** The pieces of an answer are drawn together, so that a slow device has most of its time for others. */
  #draw(next: PanelState): void {
    if (!next.transcript.entries.some((entry) => entry.isStreaming)) return this.setState(next);
    if (this.#isDue) return;
    this.#isDue = true;
    const draw = () => {
      const now = performance.now();
      this.#isDue = false;
      this.#nextAt = now + this.#pace;
      this.setState(read(this.props));
      // After the frame's layout and paint.
      setTimeout(() => (this.#pace = Math.max(PACE, SHARE * (performance.now() - now))));
    };
    const wait = this.#nextAt - performance.now();
    if (wait > 0) setTimeout(requestAnimationFrame, wait, draw);
    else requestAnimationFrame(draw);
  }

  #focus = (): void => this.#input.current?.focus({ preventScroll: true });

  /** A button that is gone with its click leaves the focus nowhere, and the keys to the page. */
  #onClick = ({ target }: Event): void => {
    setTimeout(() => {
      const isGone = !(target as Element).isConnected;
      if (isGone && !this.#dialog.current?.matches(":focus-within")) this.#focus();
    });
  };

  #onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    // The page's shortcuts are not meant for what is typed here.
    event.stopPropagation();
    const { isInline, view } = this.props;
    if (event.key === "Escape" && !event.isComposing && !isInline) view.close();
  };

  #send = (text: string): void => {
    void this.props.view.send(text);
    this.#focus();
  };

  #askAgain = (): void => {
    const question = this.state.transcript.entries.findLast(({ role }) => role === "user");
    if (question) void this.props.chat.send(question.content);
    this.#focus();
  };

  #closeMenu = (): void => this.setState({ hasMenu: false });

  override render() {
    const { chat, view, isInline } = this.props;
    const { transcript, config, hasMenu, needsConsent, refusal } = this.state;
    const strings = { ...this.props.strings, ...(config.texts as object) } as Strings;
    const agentName = config.agentName || strings.agentName;
    const Root = (isInline ? "section" : "dialog") as "dialog";
    const part = { chat, view, strings };
    const isEmpty = transcript.entries.length === 0;

    return (
      <Root
        class={isInline ? "panel inline" : "panel"}
        part="panel"
        open={isInline}
        ref={this.#dialog}
        lang={strings.language}
        dir={strings.direction}
        aria-label={`${strings.chat} – ${agentName}`}
        // The phone's own way back.
        onCancel={view.close}
        onClick={this.#onClick}
        onKeyDown={this.#onKeyDown}
      >
        <Header
          strings={strings}
          agentName={agentName}
          onNew={isEmpty || !config.newConversation ? undefined : () => chat.switchTo()}
          onClose={isInline ? undefined : view.close}
        >
          {(!isEmpty || chat.store.read().token) && (
            <>
              <Tool
                name={strings.menu}
                path={MORE}
                aria-haspopup="menu"
                aria-expanded={hasMenu}
                onClick={() => this.setState({ hasMenu: !hasMenu })}
              />
              {hasMenu && <Menu {...part} onWrite={this.#focus} onClose={this.#closeMenu} />}
            </>
          )}
        </Header>
        {isEmpty ? (
          <Welcome
            strings={strings}
            heading={config.welcomeHeading || strings.welcomeHeading}
            subheading={config.welcomeSubheading || strings.welcomeSubheading}
            suggestions={config.suggestions.split("|").filter((text) => text.trim())}
            onAsk={this.#send}
          />
        ) : (
          <MessageList
            // Messages are drawn once: with other words, all of them anew.
            key={config.texts}
            strings={strings}
            transcript={transcript}
            agentName={agentName}
            locale={config.locale || toRegional(strings.language)}
            isLoadingOlder={this.state.isLoadingOlder}
            onOlder={chat.loadOlder}
            isWaiting={this.state.isLost}
            onRetry={chat.retry}
            onDiscard={chat.discard}
          >
            <AnswerTools {...part} entries={transcript.entries} />
          </MessageList>
        )}
        {refusal === "token_expired" && !chat.store.isKept ? (
          <SignedOut {...part} />
        ) : (
          <Status
            strings={strings}
            isLost={this.state.isLost}
            isUnavailable={!!refusal}
            failure={transcript.failure}
            status={transcript.status}
            onAskAgain={this.#askAgain}
          />
        )}
        {needsConsent ? (
          <Consent {...part} button={this.#input} onWrite={this.#focus} />
        ) : (
          <Composer
            strings={strings}
            value={this.state.draft}
            limit={config.messageCharacters}
            isAnswering={transcript.state !== "idle"}
            input={this.#input}
            onInput={(text) => (view.draft.value = text)}
            onSend={this.#send}
            onStop={chat.stop}
          />
        )}
        <LiveRegion strings={strings} transcript={transcript} />
      </Root>
    );
  }
}
