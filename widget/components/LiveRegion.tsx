import { Component } from "preact";
import type { Strings } from "../locales/en.ts";
import { speakable, toSpeech } from "../state/announce.ts";
import type { Transcript } from "../state/transcript.ts";
import { describeActivity } from "./Activity.tsx";

/** How long a sentence stays for those who read the whole panel, and find it twice; in milliseconds. */
const SENTENCE_TIME = 10_000;

type LiveRegionProps = { strings: Strings; transcript: Transcript };

/**
 * Tells a screen reader what the agent does, and what it writes: sentence by sentence, as plain text.
 * What was there when the conversation was opened is not said.
 */
export class LiveRegion extends Component<LiveRegionProps, { sentences: readonly string[] }> {
  override state = { sentences: [] };
  #uid: string | undefined;
  /** How much of the message `#uid` is said, in UTF-16 units. */
  #length = 0;
  /** The last message that was seen growing. */
  #live: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override componentDidMount(): void {
    this.#say();
  }

  override componentDidUpdate({ transcript }: LiveRegionProps): void {
    if (transcript.entries !== this.props.transcript.entries) this.#say();
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
  }

  #say(): void {
    const { entries } = this.props.transcript;
    const known = entries.findLastIndex(({ uid }) => uid === this.#uid);
    const sentences: string[] = [];
    // Of another conversation, or the first: the last one only.
    for (const { uid, role, content, isStreaming } of entries.slice(known)) {
      // The visitor's own is not said; and what waits to be sent is behind answers that are still to come.
      if (role === "user" && known >= 0) continue;
      if (uid !== this.#uid) {
        this.#uid = uid;
        this.#length = known < 0 ? content.length : 0;
      }
      if (isStreaming) this.#live = uid;
      const rest = content.slice(this.#length);
      const end = speakable(rest, !isStreaming);
      this.#length += end;
      sentences.push(toSpeech(rest.slice(0, end)));
    }
    if (!sentences.some(Boolean)) return;
    this.setState({ sentences: [...this.state.sentences, ...sentences.filter(Boolean)] });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.setState({ sentences: [] }), SENTENCE_TIME);
  }

  override render({ strings, transcript }: LiveRegionProps) {
    const last = transcript.entries.at(-1);
    const isStopped = last?.wasStopped && last.uid === this.#live;
    return (
      <div class="unseen">
        <output>{isStopped ? strings.stopped : describeActivity(transcript, strings)}</output>
        <div aria-live="polite">
          {this.state.sentences.map((sentence, index) => (
            <p key={index}>{sentence}</p>
          ))}
        </div>
      </div>
    );
  }
}
