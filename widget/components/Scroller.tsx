import { Component, createRef, type ComponentChildren } from "preact";
import type { Strings } from "../locales/en.ts";
import type { Entry } from "../state/transcript.ts";
import { DOWN, Icon } from "./Icon.tsx";

/** Who scrolls down to within this many pixels of the bottom is there. */
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
  #content = createRef<HTMLDivElement>();
  #isAtBottom = true;
  #hasOlder = false;
  #height = 0;
  #top = 0;
  // Called between layout and paint, when reading sizes costs nothing and nobody sees a jump.
  #observer = new ResizeObserver(() => this.#keepPlace());

  override componentDidMount(): void {
    for (const { current } of [this.#scroller, this.#content]) {
      if (current) this.#observer.observe(current);
    }
  }

  override componentDidUpdate({ entries: before }: ScrollerProps): void {
    const { entries } = this.props;
    const [last, lastBefore] = [entries.at(-1), before.at(-1)];
    const isNew = last?.uid !== lastBefore?.uid;
    if (isNew && last?.delivery === "sending") this.#toBottom();
    else if (last !== lastBefore && last?.role !== "user") this.#setNews(!this.#isAtBottom);
    if (!isNew && entries[0]?.uid !== before[0]?.uid) this.#hasOlder = true;
  }

  override componentWillUnmount(): void {
    this.#observer.disconnect();
  }

  #keepPlace(): void {
    const { current } = this.#scroller;
    if (!current) return;
    const { scrollHeight } = current;
    if (this.#isAtBottom) current.scrollTop = scrollHeight;
    else if (this.#hasOlder) current.scrollTop += scrollHeight - this.#height;
    this.#hasOlder = false;
    this.#height = scrollHeight;
    this.#top = current.scrollTop;
  }

  #toBottom = (): void => {
    this.#isAtBottom = true;
    this.#setNews(false);
    this.#keepPlace();
  };

  #setNews(hasNews: boolean): void {
    if (hasNews !== this.state.hasNews) this.setState({ hasNews });
  }

  #onScroll = (): void => {
    const { current } = this.#scroller;
    if (!current) return;
    const { scrollTop, scrollHeight, clientHeight } = current;
    const below = scrollHeight - scrollTop - clientHeight;
    // The smallest step up lets go: a finger that moves slowly is not pulled back.
    const isUp = scrollTop < this.#top;
    this.#isAtBottom = below < (isUp ? 2 : NEAR) || (this.#isAtBottom && !isUp);
    this.#top = scrollTop;
    if (this.#isAtBottom) this.#setNews(false);
    else if (scrollTop < NEAR) this.props.onTop?.();
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
          <div ref={this.#content}>{children}</div>
        </section>
        {this.state.hasNews && (
          <button type="button" class="news" onClick={this.#toBottom}>
            <Icon path={DOWN} />
            {strings.newMessages}
          </button>
        )}
      </div>
    );
  }
}
