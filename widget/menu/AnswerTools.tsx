import { Component, createRef, render } from "preact";
import { styled, type PartProps } from "../components/lazy.tsx";
import type { Entry } from "../state/transcript.ts";
import css from "./answer-tools.css?inline";
import { Tools } from "./Tools.tsx";

type AnswerToolsProps = PartProps & { entries: readonly Entry[] };

const styles = styled(css);

/**
 * Puts tools into the answers of the list before it: into the last one, and into those that the
 * visitor comes to. To draw them in a thousand would take longer than the answers do.
 */
export class Part extends Component<AnswerToolsProps> {
  #end = createRef<HTMLSpanElement>();

  override componentDidMount(): void {
    styles(this.#end.current);
    const approach = ({ target }: Event) => this.#equip((target as Element).closest("li"));
    this.#list?.addEventListener("pointerover", approach);
    this.#list?.addEventListener("focusin", approach);
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    this.#equip(this.#list?.lastElementChild);
  }

  get #list() {
    return this.#end.current?.previousElementSibling;
  }

  #equip(message: Element | null | undefined): void {
    if (!message || message.querySelector(".tools")) return;
    // The oldest may not be drawn.
    const { children } = this.#list ?? message;
    const entry = this.props.entries.at([...children].indexOf(message) - children.length);
    if (!entry?.created_at || entry.role === "user") return;
    const place = document.createElement("div");
    place.className = "tools";
    message.append(place);
    render(<Tools {...this.props} entry={entry} />, place);
  }

  override render() {
    return <span hidden ref={this.#end} />;
  }
}
