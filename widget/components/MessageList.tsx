import type { ComponentChildren } from "preact";
import type { Transcript } from "../state/transcript.ts";
import { Activity } from "./Activity.tsx";
import { Message } from "./Message.tsx";
import { Scroller } from "./Scroller.tsx";
import type { Strings } from "../locales/en.ts";
import { isTogether } from "./time.ts";

type MessageListProps = {
  strings: Strings;
  transcript: Transcript;
  agentName: string;
  locale: string | undefined;
  isLoadingOlder: boolean;
  isWaiting?: boolean;
  /** After the messages. */
  children?: ComponentChildren;
  onOlder: () => void;
  onRetry: (uid: string) => void;
  onDiscard?: (uid: string) => void;
};

export function MessageList(props: MessageListProps) {
  const { strings, transcript, agentName, locale, isLoadingOlder, isWaiting = false } = props;
  const { onOlder, onRetry, onDiscard } = props;
  const { entries, hasMore } = transcript;

  return (
    <Scroller strings={strings} entries={entries} onTop={hasMore ? onOlder : undefined}>
      {hasMore && (
        <button
          type="button"
          class="link older"
          aria-disabled={isLoadingOlder}
          onClick={({ currentTarget }) => {
            // The button goes when there is nothing older; from the first message Up leads on.
            focusFirst(currentTarget.nextElementSibling);
            onOlder();
          }}
        >
          {strings.earlier}
        </button>
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-redundant-roles -- Safari drops it with the markers */}
      <ol class="messages" role="list">
        {entries.map((entry, index) => (
          <Message
            key={entry.uid}
            strings={strings}
            entry={entry}
            agentName={agentName}
            locale={locale}
            hasTime={!isTogether(entry, entries[index + 1])}
            isWaiting={isWaiting}
            onRetry={onRetry}
            onDiscard={onDiscard}
          />
        ))}
      </ol>
      {props.children}
      <Activity strings={strings} transcript={transcript} />
    </Scroller>
  );
}

function focusFirst(list: Element | null): void {
  const first = list?.firstElementChild;
  if (first instanceof HTMLElement) first.focus({ preventScroll: true });
}
