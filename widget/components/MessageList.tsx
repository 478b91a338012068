import type { Transcript } from "../state/transcript.ts";
import { Activity } from "./Activity.tsx";
import { Icon } from "./Icon.tsx";
import { Message } from "./Message.tsx";
import type { Strings } from "../locales/en.ts";
import { formatTime, isTogether } from "./time.ts";
import { useScroll } from "./use-scroll.ts";

type MessageListProps = {
  strings: Strings;
  transcript: Transcript;
  agentName: string;
  locale: string | undefined;
  isLoadingOlder: boolean;
  onOlder: () => void;
  onRetry: (uid: string) => void;
};

export function MessageList(props: MessageListProps) {
  const { strings, transcript, agentName, locale, isLoadingOlder, onOlder, onRetry } = props;
  const { entries, tool, state, hasMore } = transcript;
  const { scroller, hasNews, onScroll, toBottom } = useScroll(
    entries,
    hasMore ? onOlder : undefined,
  );
  const last = entries.at(-1);
  const isWriting = last?.isStreaming === true && last.content !== "" && tool === null;

  return (
    <div class="transcript">
      <section
        class="scroller"
        ref={scroller}
        onScroll={onScroll}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keyboard scrolls it
        tabIndex={0}
        aria-label={strings.transcript}
      >
        {hasMore && (
          <button type="button" class="link older" disabled={isLoadingOlder} onClick={onOlder}>
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
              time={
                isTogether(entry, entries[index + 1])
                  ? undefined
                  : formatTime(entry.created_at, locale)
              }
              onRetry={onRetry}
            />
          ))}
          {state !== "idle" && !isWriting && <Activity strings={strings} tool={tool} />}
        </ol>
      </section>
      {hasNews && (
        <button type="button" class="news" onClick={toBottom}>
          <Icon name="down" />
          {strings.newMessages}
        </button>
      )}
    </div>
  );
}
