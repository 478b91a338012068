import { Component, createRef, render } from "preact";
import { styled, type PartProps } from "../components/lazy.tsx";
import { rove } from "../components/rove.ts";
import type { Entry } from "../state/transcript.ts";
import css from "./answer-tools.css?inline";
import { Tools } from "./Tools.tsx";

type AnswerToolsProps = PartProps & { entries: readonly Entry[] };

const styles = styled(css);

/**
 * Puts tools into the answers of the list before it: into the last one, and into those that the
 * visitor comes to. To draw them in a thousand would take longer than the answers do. With them come
 * the keys that lead through the list.
 */
export class Part extends Component<AnswerToolsProps> {
  #end = createRef<HTMLSpanElement>();

  override componentDidMount(): void {
    const list = this.#list;
    if (!list) return;
    const approach = ({ target }: Event) => {
      const message = (target as Element).closest("li");
      const { children } = list;
      if (message) this.#equip(message, [...children].indexOf(message) - children.length);
    };
    styles(list);
    list.addEventListener("pointerover", approach);
    list.addEventListener("focusin", approach);
    rove(list);
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const last = this.#list?.lastElementChild;
    if (last) this.#equip(last, -1);
  }

  get #list() {
    return this.#end.current?.previousElementSibling as HTMLElement | null | undefined;
  }

  /** `index` is counted from the end: the oldest may not be drawn. */
  #equip(message: Element, index: number): void {
    const entry = this.props.entries.at(index);
    if (!entry?.created_at || entry.role === "user" || message.querySelector(".tools")) return;
    const place = document.createElement("div");
    place.className = "tools";
    message.append(place);
    render(<Tools {...this.props} entry={entry} />, place);
  }

  override render() {
    return <span hidden ref={this.#end} />;
  }
}
