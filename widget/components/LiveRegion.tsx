import { Component } from "preact";
import { speakable, toSpeech } from "../state/announce.ts";
import type { Entry } from "../state/transcript.ts";

type LiveRegionProps = { entries: readonly Entry[] };

/**
 * Says the agent's new messages to a screen reader, sentence by sentence, as plain text. What was
 * there when the panel was opened is not said.
 */
export class LiveRegion extends Component<LiveRegionProps, { sentences: string[] }> {
  override state = { sentences: [] as string[] };
  #uid = this.props.entries.at(-1)?.uid;
  /** How much of the last message is said, in UTF-16 units. */
  #length = Infinity;

  override componentDidUpdate({ entries }: LiveRegionProps): void {
    if (entries !== this.props.entries) this.#say();
  }

  #say(): void {
    const last = this.props.entries.at(-1);
    if (!last) return;
    let { sentences } = this.state;
    if (last.uid !== this.#uid) {
      const isRestored = this.#uid === undefined && !last.isStreaming && !last.delivery;
      this.#length = isRestored ? Infinity : 0;
      this.#uid = last.uid;
      sentences = [];
    }
    const end = speakable(last.content, !last.isStreaming);
    if (last.role !== "user" && end > this.#length) {
      sentences = [...sentences, toSpeech(last.content.slice(this.#length, end))];
      this.#length = end;
    }
    if (sentences !== this.state.sentences) this.setState({ sentences });
  }

  override render() {
    return (
      <div class="unseen" aria-live="polite">
        {this.state.sentences.map((sentence, index) => (
          <p key={index}>{sentence}</p>
        ))}
      </div>
    );
  }
}
