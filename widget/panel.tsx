import { effect } from "@preact/signals-core";
import { render } from "preact";
import { Panel } from "./components/Panel.tsx";
import { formatTime } from "./components/time.ts";
import { createConfig, type Config, type ConfigSource } from "./config.ts";
import type { ChatEvents } from "./handle.ts";
import type { Strings } from "./locales/en.ts";
import { format } from "./locales/format.ts";
import type { PageOptions } from "./options.ts";
import { createChat } from "./state/chat.ts";
import { createFailureNews, createNews } from "./state/news.ts";
import { createView } from "./state/view.ts";
import { createStore } from "./store.ts";
import css from "./styles/panel.css?inline";
import markdownCss from "./styles/markdown.css?inline";
import { createClient } from "./transport/client.ts";
import { followViewport } from "./viewport.ts";

/** What the launcher gives, and what it is told. */
export type PanelHost = ConfigSource & {
  strings: Strings;
  /** Part of the page: it can't be closed. */
  isInline: boolean;
  emit<Name extends keyof ChatEvents>(name: Name, detail: ChatEvents[Name]): void;
  onChange(state: { isOpen: boolean; unread: number; news: string }): void;
};

export type PanelHandle = {
  /** `takesFocus` only after a gesture of the visitor. */
  open(takesFocus: boolean | undefined): void;
  close(): void;
  send(text: string): Promise<void>;
  update(options: PageOptions): void;
  unmount(): void;
};

/** Draws the closed panel into `root`, beside the launcher; `unmount` leaves nothing behind. */
export function mount(root: ShadowRoot, host: PanelHost): PanelHandle {
  const { strings, isInline, emit, onChange } = host;
  const config = configure(host);
  const store = createStore(config.proxy);
  const chat = createChat({ transport: createClient({ proxy: config.proxy, store }), store });
  const view = createView(chat, config);
  const findNews = createNews();
  const findFailures = createFailureNews();
  const before = [...root.adoptedStyleSheets];
  const styles = new CSSStyleSheet();
  const settings = new CSSStyleSheet();
  styles.replaceSync(css + markdownCss);
  root.adoptedStyleSheets = [...before, styles, settings];
  const place = document.createElement("div");
  root.append(place);

  // First: a panel that covers the page gives way before the focus goes back to the launcher.
  render(<Panel chat={chat} view={view} strings={strings} isInline={isInline} />, place);
  // A page's first time of day takes the browser long: now, while nobody waits for it.
  setTimeout(formatTime, 0, `${new Date()}`);
  const stops = [
    followViewport(place),
    effect(() => {
      const isOpen = view.isOpen.value;
      const unread = isOpen ? 0 : chat.unread.value;
      onChange({ isOpen, unread, news: format(strings.unread, `${unread}`) });
    }),
    effect(() => {
      for (const message of findNews(chat.transcript.value)) emit("message", message);
      for (const { code } of findFailures(chat.transcript.value)) emit("error", { code });
    }),
    effect(() => settings.replaceSync(toCss(view.config.value))),
  ];

  return {
    open: view.open,
    close: isInline ? () => undefined : view.close,
    send: view.send,
    update: (options) => void (view.config.value = configure({ ...host, options })),
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

/** What is wrong is told to who can mend it: nobody else fetches the words for that. */
function configure(host: PanelHost): Config {
  const [config, problems] = createConfig(host);
  if (problems.length > 0) {
    void import("./explain.ts").then(
      ({ explain }) => explain(problems, host.base !== undefined),
      () => undefined,
    );
  }
  return config;
}

function toCss({ position, offset, theme }: Config): string {
  const scheme = theme === "auto" ? "light dark" : theme;
  return `.panel{--offset:${offset}px;${position}:0;transform-origin:bottom ${position};color-scheme:${scheme}}`;
}
