import type { TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Strings } from "../locales/en.ts";
import type { Chat } from "../state/chat.ts";
import type { View } from "../state/view.ts";
import { Composer } from "./Composer.tsx";
import { Header } from "./Header.tsx";
import { keepFocus } from "./keep-focus.ts";
import { LiveRegion } from "./LiveRegion.tsx";
import { MessageList } from "./MessageList.tsx";
import { Status } from "./Status.tsx";
import { useModel } from "./use-model.ts";
import { useVisualViewport } from "./use-visual-viewport.ts";
import { Welcome } from "./Welcome.tsx";

type PanelProps = { chat: Chat; view: View; strings: Strings };

/** The only component that knows the models: the others get what they draw. */
export function Panel({ chat, view, strings }: PanelProps) {
  const { transcript, connection, isUnavailable, isLoadingOlder } = useModel(chat);
  const { config, isOpen, takesFocus, draft } = useModel(view);
  const panel = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const isPhone = matchMedia("(max-width: 480px)").matches;
  const isEmpty = transcript.entries.length === 0;
  const focus = () => input.current?.focus({ preventScroll: true });

  useVisualViewport(panel);
  useLayoutEffect(() => {
    if (isOpen && takesFocus) focus();
  }, [isOpen]);

  function onKeyDown(event: TargetedKeyboardEvent<HTMLElement>) {
    // The page's shortcuts are not meant for what is typed here.
    event.stopPropagation();
    if (event.key === "Escape" && !event.isComposing) view.close();
    if (event.key === "Tab" && isPhone) keepFocus(event.currentTarget, event);
  }

  function send(text: string) {
    view.type("");
    void chat.send(text);
    focus();
  }

  return (
    <dialog
      open
      ref={panel}
      class={isOpen ? "panel open" : "panel"}
      aria-label={strings.panel(config.agentName)}
      aria-modal={isPhone}
      onKeyDown={onKeyDown}
    >
      <Header
        strings={strings}
        agentName={config.agentName}
        onNew={isEmpty || !config.newConversation ? undefined : chat.startNew}
        onClose={view.close}
      />
      {isEmpty ? (
        <Welcome
          strings={strings}
          heading={config.welcomeHeading || strings.welcomeHeading}
          subheading={config.welcomeSubheading || strings.welcomeSubheading}
          suggestions={config.suggestions.split("|").filter((text) => text.trim())}
          onAsk={send}
        />
      ) : (
        <MessageList
          strings={strings}
          transcript={transcript}
          agentName={config.agentName}
          locale={config.locale || undefined}
          isLoadingOlder={isLoadingOlder}
          onOlder={chat.loadOlder}
          onRetry={chat.retry}
        />
      )}
      <Status
        strings={strings}
        connection={connection}
        isUnavailable={isUnavailable}
        failure={transcript.failure}
        status={transcript.status}
      />
      <Composer
        strings={strings}
        value={draft}
        limit={config.messageCharacters}
        isAnswering={transcript.state !== "idle"}
        input={input}
        onInput={view.type}
        onSend={send}
        onStop={chat.stop}
      />
      <LiveRegion entries={transcript.entries} />
    </dialog>
  );
}
