import { Component, createRef, type ComponentChildren } from "preact";
import type { Strings } from "../locales/en.ts";
import type { Entry } from "../state/transcript.ts";
import { Icon } from "./Icon.tsx";

/** The reader counts as being at the bottom within this many pixels. */
const NEAR = 48;

type ScrollerProps = {
  strings: Strings;
  entries: readonly Entry[];
  /** Called when the oldest message comes into view. */
  onTop: (() => void) | undefined;
  children: ComponentChildren;
};

/** Keeps the newest text in view while the reader is at the bottom, and the reader's place otherwise. */
export class Scroller extends Component<ScrollerProps, { hasNews: boolean }> {
  override state = { hasNews: false };
  #scroller = createRef<HTMLElement>();
  #isAtBottom = true;
  #height = 0;
  #observer = new ResizeObserver(() => {
    if (this.#isAtBottom) this.#toBottom();
  });

  override componentDidMount(): void {
    if (this.#scroller.current) this.#observer.observe(this.#scroller.current);
    this.#follow([]);
  }

  override componentDidUpdate({ entries }: ScrollerProps): void {
    if (entries !== this.props.entries) this.#follow(entries);
  }

  override componentWillUnmount(): void {
    this.#observer.disconnect();
  }

  #follow(before: readonly Entry[]): void {
    const element = this.#scroller.current;
    const { entries } = this.props;
    const last = entries.at(-1);
    if (!element || !last) return;
    const hasNewLast = before.at(-1)?.uid !== last.uid;
    const isOlder = !hasNewLast && before[0]?.uid !== entries[0]?.uid;
    const isOwn = hasNewLast && last.delivery === "sending";
    if (this.#isAtBottom || isOwn) this.#toBottom();
    else if (isOlder) element.scrollTop += element.scrollHeight - this.#height;
    else if (element.scrollHeight > this.#height) this.#setNews(true);
    this.#height = element.scrollHeight;
  }

  #toBottom = (): void => {
    this.#isAtBottom = true;
    this.#setNews(false);
    const element = this.#scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  };

  #setNews(hasNews: boolean): void {
    if (hasNews !== this.state.hasNews) this.setState({ hasNews });
  }

  #onScroll = (): void => {
    const element = this.#scroller.current;
    if (!element) return;
    this.#isAtBottom = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    if (this.#isAtBottom) this.#setNews(false);
    else if (element.scrollTop < NEAR) this.props.onTop?.();
  };

  override render() {
    const { strings, children } = this.props;
    return (
      <div class="transcript">
        <section
          class="scroller"
          ref={this.#scroller}
          onScroll={this.#onScroll}
          // Its messages take the focus: some browsers would stop here as well.
          tabIndex={-1}
          aria-label={strings.conversation}
        >
          {children}
        </section>
        {this.state.hasNews && (
          <button type="button" class="news" onClick={this.#toBottom}>
            <Icon name="down" />
            {strings.newMessages}
          </button>
        )}
      </div>
    );
  }
}
