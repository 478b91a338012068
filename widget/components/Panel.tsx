import type { TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Chat } from "../state/chat.ts";
import type { View } from "../state/view.ts";
import { Composer } from "./Composer.tsx";
import { Header } from "./Header.tsx";
import { keepFocus } from "./keep-focus.ts";
import { LiveRegion } from "./LiveRegion.tsx";
import { MessageList } from "./MessageList.tsx";
import { Status } from "./Status.tsx";
import { useStrings } from "./strings.ts";
import { usePhone } from "./use-phone.ts";
import { Welcome } from "./Welcome.tsx";

export function Panel({ chat, view }: { chat: Chat; view: View }) {
  const strings = useStrings();
  const panel = useRef<HTMLElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const isPhone = usePhone(panel);
  const config = view.config.value;
  const isOpen = view.isOpen.value;
  const transcript = chat.transcript.value;
  const isEmpty = transcript.entries.length === 0;

  useLayoutEffect(() => {
    if (isOpen && view.takesFocus.value) input.current?.focus({ preventScroll: true });
  }, [isOpen]);

  function onKeyDown(event: TargetedKeyboardEvent<HTMLElement>) {
    // The page's shortcuts are not meant for what is typed here.
    event.stopPropagation();
    if (event.key === "Escape" && !event.isComposing) view.close();
    if (event.key === "Tab" && isPhone) keepFocus(event.currentTarget, event);
  }

  function send(text: string) {
    view.draft.value = "";
    void chat.send(text);
    input.current?.focus({ preventScroll: true });
  }

  return (
    <section
      ref={panel}
      class={isOpen ? "panel open" : "panel"}
      role="dialog"
      aria-label={strings.panel(config.agentName)}
      aria-modal={isPhone}
      onKeyDown={onKeyDown}
    >
      <Header
        agentName={config.agentName}
        onNew={isEmpty || !config.newConversation ? undefined : chat.startNew}
        onClose={view.close}
      />
      {isEmpty ? (
        <Welcome
          heading={config.welcomeHeading}
          subheading={config.welcomeSubheading}
          suggestions={config.suggestions.split("|").filter((text) => text.trim())}
          onAsk={send}
        />
      ) : (
        <MessageList
          transcript={transcript}
          agentName={config.agentName}
          locale={config.locale || undefined}
          isLoadingOlder={chat.isLoadingOlder.value}
          onOlder={chat.loadOlder}
          onRetry={chat.retry}
        />
      )}
      <Status
        connection={chat.connection.value}
        isUnavailable={chat.isUnavailable.value}
        failure={transcript.failure}
        status={transcript.status}
      />
      <Composer
        value={view.draft.value}
        limit={config.messageCharacters}
        isAnswering={chat.isAnswering.value}
        input={input}
        onInput={view.type}
        onSend={send}
        onStop={chat.stop}
      />
      <LiveRegion entries={transcript.entries} />
    </section>
  );
}
