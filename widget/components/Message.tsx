import { Component } from "preact";
import type { Entry } from "../state/transcript.ts";
import { Markdown } from "./Markdown.tsx";
import type { Strings } from "../locales/en.ts";
import { format } from "../locales/format.ts";
import type { Failure } from "../state/failure.ts";
import { formatTime } from "./time.ts";

type MessageProps = {
  strings: Strings;
  entry: Entry;
  agentName: string;
  /** Of the times; undefined: the browser's. */
  locale: string | undefined;
  /** One time is enough for messages that belong together. */
  hasTime: boolean;
  /** There is no line to send it by. */
  isWaiting: boolean;
  onRetry: (uid: string) => void;
  /** Absent where what was not sent is forgotten with the page. */
  onDiscard?: ((uid: string) => void) | undefined;
};

/** Drawn again only when it has changed: each piece of an answer draws the list anew. */
export class Message extends Component<MessageProps> {
  override shouldComponentUpdate(next: MessageProps): boolean {
    const { entry, hasTime, agentName, isWaiting } = this.props;
    const isOther = entry !== next.entry || hasTime !== next.hasTime;
    return isOther || agentName !== next.agentName || isWaiting !== next.isWaiting;
  }

  override render() {
    const { strings, entry, agentName, locale, hasTime, isWaiting, onRetry, onDiscard } =
      this.props;
    const { role, content, delivery, failure, wasStopped } = entry;
    const time = hasTime && !delivery && formatTime(entry.created_at, locale);
    const remedy = failure && nameRemedy(failure, strings);
    return (
      <li class={`message ${role} ${delivery ?? ""}`}>
        <span class="unseen">
          {role === "user" ? strings.youSaid : format(strings.agentSaid, agentName)}
        </span>
        {role === "user" ? (
          <p class="bubble" part="bubble">
            {content}
          </p>
        ) : (
          <Markdown strings={strings} text={content} isStreaming={!!entry.isStreaming} />
        )}
        {delivery === "failed" && failure && (
          <p class="failure" role="alert">
            {strings[failure.code] ?? strings.notSent}
            {remedy && (
              <button type="button" class="link" onClick={() => onRetry(entry.uid)}>
                {remedy}
              </button>
            )}
            {onDiscard && (
              <button type="button" class="link" onClick={() => onDiscard(entry.uid)}>
                {strings.delete}
              </button>
            )}
          </p>
        )}
        {wasStopped && <p class="note">{strings.stopped}</p>}
        {delivery === "sending" && (
          <p class="note slow">{isWaiting ? strings.waiting : strings.sending}</p>
        )}
        {time && (
          <time class="note" dateTime={entry.created_at}>
            {time}
          </time>
        )}
      </li>
    );
  }
}

/** What the button beside a problem says; nothing where no button would help. */
function nameRemedy({ code, retryable }: Failure, strings: Strings): string | false {
  if (code === "send_outcome_unknown" || code === "expired") return strings.sendAgain;
  if (code === "conversation_full") return strings.newConversation;
  return retryable && strings.tryAgain;
}
