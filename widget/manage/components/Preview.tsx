import { Component, createRef } from "preact";
import type { Branding } from "../../../proxy/protocol.ts";
import { rules } from "../../config.ts";

type PreviewProps = { branding: Partial<Branding> | null; canChat: boolean };

type PreviewWindow = Window & { LexChat?: (command: string, parameter?: unknown) => void };

/** The widget as pages load it, in a page of its own; a change of the branding reaches it at once. */
export class Preview extends Component<PreviewProps> {
  #frame = createRef<HTMLIFrameElement>();

  override componentDidUpdate({ branding }: PreviewProps): void {
    if (branding !== this.props.branding) this.#dress();
  }

  #tell(command: string, parameter?: unknown): void {
    const page = this.#frame.current?.contentWindow as PreviewWindow | null | undefined;
    page?.LexChat?.(command, parameter);
  }

  /** `widget.js` may come from the cache, a minute old. */
  #dress = (): void => {
    const { branding } = this.props;
    if (branding) this.#tell("update", complete(branding));
  };

  #onLoad = (): void => {
    const { navigator } = this.#frame.current?.contentWindow ?? {};
    this.#dress();
    if (!navigator) return;
    // The owner, who has just signed in, has not asked for this chat: without a gesture it leaves the focus.
    Object.defineProperty(navigator, "userActivation", { configurable: true, value: null });
    this.#tell("open");
    Reflect.deleteProperty(navigator, "userActivation");
  };

  override render() {
    return (
      <section class="card tall" aria-labelledby="preview">
        <div class="card-head">
          <h2 id="preview">Preview</h2>
          <button
            type="button"
            class="plain"
            onClick={() => this.#frame.current?.contentWindow?.location.reload()}
          >
            Reload
          </button>
        </div>
        {!this.props.canChat && (
          <p class="hint">Set PUBLIC_URL on the proxy to send messages from this preview.</p>
        )}
        <iframe
          ref={this.#frame}
          class="frame"
          src="manage/preview"
          title="The chat on a page"
          onLoad={this.#onLoad}
        />
      </section>
    );
  }
}

/** With the widget's defaults, so that what is no longer set goes back to them. */
function complete(branding: Partial<Branding>): Branding {
  return {
    agentName: "",
    primaryColor: rules.primaryColor[0],
    welcomeHeading: "",
    welcomeSubheading: "",
    ...branding,
  };
}
