import type { Entry } from "../state/transcript.ts";
import { Markdown } from "./Markdown.tsx";
import type { Strings } from "../locales/en.ts";

type MessageProps = {
  strings: Strings;
  entry: Entry;
  agentName: string;
  /** As the visitor reads it; absent between messages that belong together. */
  time: string | undefined;
  onRetry: (uid: string) => void;
};

export function Message({ strings, entry, agentName, time, onRetry }: MessageProps) {
  const { role, content, delivery, failure, wasStopped } = entry;
  return (
    <li class={`message ${role} ${delivery ?? ""}`}>
      <span class="unseen">{role === "user" ? strings.youSaid : strings.said(agentName)}</span>
      {role === "user" ? (
        <p class="bubble">{content}</p>
      ) : (
        <Markdown strings={strings} text={content} isStreaming={entry.isStreaming === true} />
      )}
      {failure && (
        <p class="failure" role="alert">
          {strings.problems[failure.code] ?? strings.notSent}{" "}
          {failure.isRetryable && (
            <button type="button" class="link" onClick={() => onRetry(entry.uid)}>
              {strings.retry}
            </button>
          )}
        </p>
      )}
      {wasStopped && <p class="note">{strings.stopped}</p>}
      {delivery === "sending" && <p class="note slow">{strings.sending}</p>}
      {time && !delivery && (
        <time class="note" dateTime={entry.created_at}>
          {time}
        </time>
      )}
    </li>
  );
}
