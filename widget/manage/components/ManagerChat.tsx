import { Component, createRef } from "preact";
import { Composer } from "../../components/Composer.tsx";
import { LiveRegion } from "../../components/LiveRegion.tsx";
import { MessageList } from "../../components/MessageList.tsx";
import { rove } from "../../components/rove.ts";
import { Status } from "../../components/Status.tsx";
import { Welcome } from "../../components/Welcome.tsx";
import { strings as en, type Strings } from "../../locales/en.ts";
import type { Transcript } from "../../state/transcript.ts";
import type { Manager } from "../state/manager.ts";
import { Live } from "./Live.tsx";

/** In UTF-16 units. Lexey's own limit is not documented; the proxy's is 64 kB. */
const LIMIT = 8000;
const AGENT = "Configuration agent";

const strings: Strings = {
  ...en,
  placeholder: "Say what to change…",
  network: "Not sent: the proxy can't be reached.",
  message_too_long: "Lexey doesn't take this message: it may be too long.",
  platform_rejected_request:
    "Lexey refuses: check LEXEY_MANAGEMENT_KEY, and whether its credits are used up.",
  platform_unavailable: "Lexey can't be reached.",
  platform_timeout: "Lexey took too long to answer.",
  route_not_found: "The proxy has no management API: set LEXEY_MANAGEMENT_KEY.",
  conversation_full: "This conversation is full: send it again to begin another one.",
  conversation_not_found: "Lexey no longer has this conversation: send it again in a new one.",
  admin_token_invalid: "Not sent: the proxy did not take the token.",
  answerFailed: "The answer broke off. What it was about may be done: ask for it.",
};

/** They change nothing. */
const QUESTIONS = [
  "What is our current branding?",
  "Which knowledge articles do we have?",
  "What are our escalation rules?",
  "How have we performed over the last 7 days?",
];

function roveBefore(end: Element | null): void {
  const list = end?.previousElementSibling;
  if (list instanceof HTMLElement) rove(list);
}

type ManagerChatProps = { manager: Manager };

export class ManagerChat extends Component<ManagerChatProps, { draft: string }> {
  override state = { draft: "" };
  #input = createRef<HTMLTextAreaElement>();

  #send = (text: string): void => {
    this.setState({ draft: "" });
    void this.props.manager.send(text);
    this.#input.current?.focus({ preventScroll: true });
  };

  override render() {
    return (
      <div class="panel manager">
        <Live read={() => this.props.manager.transcript.value}>
          {(transcript) => this.#draw(transcript)}
        </Live>
      </div>
    );
  }

  #draw(transcript: Transcript) {
    const { manager } = this.props;
    return (
      <>
        {transcript.entries.length === 0 ? (
          <Welcome
            strings={strings}
            heading="Tell your agent how to be"
            subheading="In your own words: its name and colours, what your business does, articles it should know, when a person takes over."
            suggestions={QUESTIONS}
            onAsk={this.#send}
          />
        ) : (
          <MessageList
            strings={strings}
            transcript={transcript}
            agentName={AGENT}
            locale={undefined}
            isLoadingOlder={false}
            onOlder={() => undefined}
            onRetry={manager.retry}
          >
            <span hidden ref={roveBefore} />
          </MessageList>
        )}
        <Status
          strings={strings}
          isLost={false}
          isUnavailable={false}
          failure={transcript.failure}
          status="active"
        />
        <Composer
          strings={strings}
          value={this.state.draft}
          limit={LIMIT}
          isAnswering={transcript.state !== "idle"}
          input={this.#input}
          onInput={(draft) => this.setState({ draft })}
          onSend={this.#send}
          onStop={manager.stop}
        />
        <LiveRegion strings={strings} transcript={transcript} />
      </>
    );
  }
}
