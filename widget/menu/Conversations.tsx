import { Component } from "preact";
import type { ConversationSummary } from "../../proxy/protocol.ts";
import { formatTime } from "../components/time.ts";
import type { Strings } from "../locales/en.ts";
import { toSpeech } from "../state/announce.ts";
import type { Chat } from "../state/chat.ts";
import { loadSummaries } from "./load-summaries.ts";
import { Page } from "./Page.tsx";

type ConversationsProps = {
  chat: Chat;
  locale: string | undefined;
  strings: Strings;
  onBack: () => void;
  /** Without a handle: a new one. */
  onChoose: (conversation?: string) => void;
};

type ConversationsState = {
  summaries: readonly ConversationSummary[];
  progress: "loading" | "loaded" | "failed";
};

/** The visitor's own conversations, the last one first. */
export class Conversations extends Component<ConversationsProps, ConversationsState> {
  override state: ConversationsState = { summaries: [], progress: "loading" };
  #leaving = new AbortController();

  override componentDidMount(): void {
    void this.#load();
  }

  override componentWillUnmount(): void {
    this.#leaving.abort();
  }

  #load = async (): Promise<void> => {
    this.setState({ progress: "loading" });
    try {
      for await (const summaries of loadSummaries(this.props.chat)) {
        if (this.#leaving.signal.aborted) return;
        this.setState({ summaries });
      }
      this.setState({ progress: "loaded" });
    } catch {
      this.setState({ progress: "failed" });
    }
  };

  override render() {
    const { chat, locale, strings, onBack, onChoose } = this.props;
    const { summaries, progress } = this.state;
    const read = new Map(chat.store.read().conversations);
    return (
      <Page strings={strings} title={strings.conversations} onBack={onBack}>
        {/* oxlint-disable-next-line jsx-a11y/no-redundant-roles -- Safari drops it with the markers */}
        <ul class="rows" role="list" aria-busy={progress === "loading"}>
          {summaries.map(({ conversationId, title, lastMessage }) => (
            <li key={conversationId}>
              <button
                type="button"
                class="row"
                aria-current={conversationId === chat.handle}
                onClick={() => onChoose(conversationId)}
              >
                <span class="title">{toSpeech(title)}</span>
                {lastMessage && (
                  <>
                    <time class="note">{formatTime(lastMessage.created_at, locale)}</time>
                    <span class="last">{toSpeech(lastMessage.content.slice(0, 200))}</span>
                    {lastMessage.role !== "user" &&
                      lastMessage.id !== (read.get(conversationId) ?? lastMessage.id) && (
                        <span class="dot">
                          <span class="unseen">{strings.newMessages}</span>
                        </span>
                      )}
                  </>
                )}
              </button>
            </li>
          ))}
        </ul>
        {progress === "failed" && (
          <p class="failure" role="alert">
            {strings.notLoaded}{" "}
            <button type="button" class="link" onClick={this.#load}>
              {strings.tryAgain}
            </button>
          </p>
        )}
        <button type="button" class="action" onClick={() => onChoose()}>
          {strings.newConversation}
        </button>
      </Page>
    );
  }
}
