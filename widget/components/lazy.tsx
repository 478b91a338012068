import { Component, type ComponentType } from "preact";
import { warn } from "../console.ts";
import type { Strings } from "../locales/en.ts";
import type { Chat } from "../state/chat.ts";
import type { View } from "../state/view.ts";

/** The models and the words: what the panel has, and gives to its parts that are fetched on demand. */
export type PartProps = { chat: Chat; view: View; strings: Strings };

/**
 * A component that is fetched when it is first drawn; its file calls it `Part`. Until it has come
 * nothing is drawn; a fetch that failed is repeated when it is drawn anew.
 */
export function lazy<Props extends object>(load: () => Promise<{ Part: ComponentType<Props> }>) {
  let Part: ComponentType<Props> | undefined;
  return class extends Component<Props> {
    override async componentDidMount(): Promise<void> {
      try {
        ({ Part } = await load());
        this.setState({});
      } catch (error) {
        warn(error);
      }
    }

    override render() {
      return Part && <Part {...(this.props as Props)} />;
    }
  };
}

/** A ref for what has styles of its own: the shadow root around it gets them. */
export function styled(css: string): (element: Element | null) => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return (element) => {
    const sheets = (element?.getRootNode() as ShadowRoot | undefined)?.adoptedStyleSheets;
    if (!sheets?.includes(sheet)) sheets?.push(sheet);
  };
}
