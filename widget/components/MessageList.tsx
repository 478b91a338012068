import type { Transcript } from "../state/transcript.ts";
import { Activity } from "./Activity.tsx";
import { Icon } from "./Icon.tsx";
import { Message } from "./Message.tsx";
import { useStrings } from "./strings.ts";
import { formatTime, isTogether } from "./time.ts";
import { useScroll } from "./use-scroll.ts";

type MessageListProps = {
  transcript: Transcript;
  agentName: string;
  locale: string | undefined;
  isLoadingOlder: boolean;
  onOlder: () => void;
  onRetry: (uid: string) => void;
};

export function MessageList(props: MessageListProps) {
  const { transcript, agentName, locale, isLoadingOlder, onOlder, onRetry } = props;
  const { entries, tools, state, hasMore } = transcript;
  const strings = useStrings();
  const { scroller, hasNews, onScroll, toBottom } = useScroll(
    entries,
    hasMore ? onOlder : undefined,
  );
  const last = entries.at(-1);
  const isWriting = last?.isStreaming === true && last.content !== "" && tools.length === 0;

  return (
    <div class="transcript">
      <div
        class="scroller"
        ref={scroller}
        onScroll={onScroll}
        tabIndex={0}
        role="region"
        aria-label={strings.transcript}
      >
        {hasMore && (
          <button type="button" class="link older" disabled={isLoadingOlder} onClick={onOlder}>
            {strings.earlier}
          </button>
        )}
        <ol class="messages" role="list">
          {entries.map((entry, index) => (
            <Message
              key={entry.uid}
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
          {state !== "idle" && !isWriting && <Activity tool={tools.at(-1)} />}
        </ol>
      </div>
      {hasNews && (
        <button type="button" class="news" onClick={toBottom}>
          <Icon name="down" />
          {strings.newMessages}
        </button>
      )}
    </div>
  );
}
