import { effect } from "./signal.ts";
import { render } from "preact";
import { Panel } from "./components/Panel.tsx";
import { readableOn, textOn } from "./color.ts";
import type { Config } from "./config.ts";
import { strings } from "./locales/en.ts";
import { createChat } from "./state/chat.ts";
import { createView } from "./state/view.ts";
import type { Store } from "./store.ts";
import css from "./styles/panel.css?inline";
import markdownCss from "./styles/markdown.css?inline";
import { createClient } from "./transport/client.ts";
import { followViewport } from "./viewport.ts";

/** What the launcher gives, and what it is told. */
export type PanelHost = {
  config: Config;
  store: Store;
  onChange(state: { isOpen: boolean; unread: number }): void;
};

export type PanelHandle = {
  /** `takesFocus` only after a gesture of the visitor. */
  open(takesFocus: boolean): void;
  close(): void;
  send(text: string): void;
  update(config: Config): void;
  unmount(): void;
};

/** The harder one of the panel's two surfaces in each theme: what reads there reads on the other. */
const SURFACES = { light: "#f4f5f7", dark: "#23262e" } as const;

/** Draws the closed panel into `root`, beside the launcher; `unmount` leaves nothing behind. */
export function mount(root: ShadowRoot, { config, store, onChange }: PanelHost): PanelHandle {
  const chat = createChat({ transport: createClient({ proxy: config.proxy, store }), store });
  const view = createView(chat, config);
  const before = [...root.adoptedStyleSheets];
  const styles = new CSSStyleSheet();
  const colors = new CSSStyleSheet();
  styles.replaceSync(css + markdownCss);
  root.adoptedStyleSheets = [...before, styles, colors];
  const place = document.createElement("div");
  root.append(place);

  // First: a panel that covers the page gives way before the focus goes back to the launcher.
  render(<Panel chat={chat} view={view} strings={strings} />, place);
  const stops = [
    followViewport(place),
    effect(() => {
      const isOpen = view.isOpen.value;
      onChange({ isOpen, unread: isOpen ? 0 : chat.unread.value });
    }),
    effect(() => colors.replaceSync(toCss(view.config.value))),
  ];

  return {
    open: view.open,
    close: view.close,
    send: (text) => void chat.send(text),
    update: (config) => void (view.config.value = config),
    unmount() {
      render(null, place);
      for (const stop of stops) stop();
      view.dispose();
      chat.dispose();
      place.remove();
      root.adoptedStyleSheets = before;
    },
  };
}

function toCss({ primaryColor, position, offset, theme }: Config): string {
  const accents = Object.entries(SURFACES).map(
    ([theme, surface]) => `--accent-${theme}:${readableOn(primaryColor, surface, 4.5)};`,
  );
  const scheme = theme === "auto" ? "light dark" : theme;
  const under = textOn(textOn(primaryColor));
  return `.panel{${accents.join("")}--under-brand:${under};--offset:${offset}px;${position}:0;transform-origin:bottom ${position};color-scheme:${scheme}}`;
}
