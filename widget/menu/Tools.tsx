import { Component, type TargetedMouseEvent } from "preact";
import type { FeedbackRequest } from "../../proxy/protocol.ts";
import { copy } from "../clipboard.ts";
import { Tool } from "../components/Header.tsx";
import type { PartProps } from "../components/lazy.tsx";
import type { Entry } from "../state/transcript.ts";

type Rating = FeedbackRequest["rating"];
type ToolsProps = PartProps & { entry: Entry };

/** How long the button says that it has copied, in milliseconds. */
const COPIED_TIME = 2000;

const SHEETS = "M9 9h11v11H9zM5 15H4V4h11v1";
/** The other one is this one turned round. */
const THUMB = "M8 11v9H4v-9zl4-8c2 0 3 1 2.5 3L14 9h6l-2 11H8";
const TICK = "M5 13l4 4L19 7";

/** What the visitor thought of answers, by the address of the call; as long as the page lives. */
const ratings = new Map<string, Rating>();

/** What can be done with an answer: it can be copied as it was written, and rated. */
export class Tools extends Component<ToolsProps, { hasCopied?: boolean }> {
  #path = `api/conversations/${this.props.chat.handle}/messages/${encodeURIComponent(this.props.entry.id)}/feedback`;

  #copy = async ({ currentTarget }: TargetedMouseEvent<Element>): Promise<void> => {
    const message = currentTarget.closest("li") ?? currentTarget;
    if (!(await copy(this.props.entry.content, message))) return;
    this.setState({ hasCopied: true });
    setTimeout(() => this.setState({ hasCopied: false }), COPIED_TIME);
  };

  #keep(rating: Rating): void {
    ratings.set(this.#path, rating);
    this.setState({});
  }

  #drawThumb(name: string, rating: Rating) {
    const before = ratings.get(this.#path) ?? null;
    const isPressed = before === rating;
    const rate = () => {
      const next = { rating: isPressed ? null : rating };
      this.#keep(next.rating);
      this.props.chat.transport.ask(this.#path, next).catch(() => this.#keep(before));
    };
    return <Tool name={name} path={THUMB} aria-pressed={isPressed} onClick={rate} />;
  }

  override render() {
    const { strings, view } = this.props;
    const { hasCopied } = this.state;
    return (
      <>
        <span class="unseen" aria-live="polite">
          {hasCopied && strings.copied}
        </span>
        <Tool name={strings.copy} path={hasCopied ? TICK : SHEETS} onClick={this.#copy} />
        {view.config.value.feedback && this.#drawThumb(strings.goodAnswer, "up")}
        {view.config.value.feedback && this.#drawThumb(strings.badAnswer, "down")}
      </>
    );
  }
}
