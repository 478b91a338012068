import { Component } from "preact";
import type { ConversationsResponse, ConversationSummary } from "../../proxy/protocol.ts";
import { formatTime } from "../components/time.ts";
import type { Strings } from "../locales/en.ts";
import { toSpeech } from "../state/announce.ts";
import type { Chat } from "../state/chat.ts";
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

/**
 * So many are asked for at once, that the first are there soon: each costs the platform a call. Of a
 * visitor who is signed in the proxy adds those of other browsers: all are asked for at once.
 */
const BATCH = 10;

/** The visitor's own conversations, the last one first. */
export class Conversations extends Component<ConversationsProps, ConversationsState> {
  override state: ConversationsState = { summaries: [], progress: "loading" };

  override componentDidMount(): void {
    void this.#load();
  }

  #load = async (): Promise<void> => {
    const { store, transport } = this.props.chat;
    const handles = (store.read().conversations ?? []).map(([handle]) => handle);
    const summaries = new Map<string, ConversationSummary>();
    this.setState({ progress: "loading" });
    try {
      const [batch, least] = store.isKept ? [BATCH, 0] : [Infinity, 1];
      for (let start = 0; start < Math.max(handles.length, least); start += batch) {
        const ids = handles.slice(start, start + batch).join(",");
        const response = await transport.ask(`api/conversations?ids=${ids}`);
        const { conversations } = (await response.json()) as ConversationsResponse;
        for (const summary of conversations) summaries.set(summary.conversationId, summary);
        this.setState({ summaries: [...summaries.values()] });
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
        <ul class="rows" role="list">
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
                    <span class="last">{toSpeech(lastMessage.content)}</span>
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
        {progress === "loading" && (
          <p class="dots">
            <i />
            <i />
            <i />
          </p>
        )}
        {progress === "loaded" && summaries.length === 0 && (
          <p class="empty">{strings.welcomeSubheading}</p>
        )}
        {progress === "failed" && (
          <p class="failure" role="alert">
            {strings.notLoaded}
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
