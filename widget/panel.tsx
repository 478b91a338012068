import { effect } from "@preact/signals-core";
import { render } from "preact";
import { Panel } from "./components/Panel.tsx";
import { formatTime } from "./components/time.ts";
import { createConfig, type Config, type ConfigSource } from "./config.ts";
import type { ChatEvents } from "./handle.ts";
import type { SignIn } from "./identity/person.ts";
import type { Strings } from "./locales/en.ts";
import { format } from "./locales/format.ts";
import type { PageOptions } from "./options.ts";
import { createChat } from "./state/chat.ts";
import { createFailureNews, createNews } from "./state/news.ts";
import { createView } from "./state/view.ts";
import { createStore } from "./store.ts";
import css from "./styles/panel.css?inline";
import markdownCss from "./styles/markdown.css?inline";
import { createClient, type Opener } from "./transport/client.ts";
import { ChatError } from "./transport/errors.ts";
import { followViewport } from "./viewport.ts";

/** What the launcher gives, and what it is told. */
export type PanelHost = ConfigSource & {
  strings: Strings;
  /** Part of the page: it can't be closed. */
  isInline: boolean;
  /** The JWT of who is signed in; empty: nobody is any more. */
  identity?: string | undefined;
  /** Signs in or out, in all tabs. */
  identify(jwt: string): void;
  /** Open at once. */
  isOpen?: boolean;
  emit<Name extends keyof ChatEvents>(name: Name, detail: ChatEvents[Name]): void;
  onChange(state: { isOpen: boolean; unread: number; news: string }): void;
};

export type PanelHandle = {
  /** `takesFocus` only after a gesture of the visitor. */
  open(takesFocus: boolean | undefined): void;
  close(): void;
  send(text: string): Promise<void>;
  update(options: PageOptions): void;
  /**
   * As `PanelHost` has it, in this tab. The same person's changes nothing on the screen; of anybody else
   * nothing is left.
   */
  identify(identity: string): void;
  unmount(): void;
};

/**
 * Draws the closed panel into `root`, beside the launcher; `unmount` leaves nothing behind. `handle` is that
 * of the panel before, which was another person's.
 */
export function mount(root: ShadowRoot, host: PanelHost, handle = {} as PanelHandle): PanelHandle {
  const { strings, isInline, identity, emit, onChange } = host;
  const config = configure(host);
  const store = createStore(config.proxy);
  store.isKept = !identity;
  const enter = async () => (await import("./identity/identity.ts")).enter(signIn);
  const open: Opener = async (post) => {
    const person = await enter().catch((cause: unknown) => {
      const message = "It is not loaded.";
      throw new ChatError({ code: "network", message, retryable: true, cause });
    });
    return person.open(post);
  };
  const life = new AbortController();
  const { signal } = life;
  const transport = createClient({
    proxy: config.proxy,
    store,
    open: identity && open,
    scope: signal,
  });
  const chat = createChat({ transport, store });
  const view = createView(chat, config, life);
  const signIn: SignIn = { identity, chat, view, handle, signal, identify: host.identify, become };
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
  // A page's first time of day takes the browser long: while nobody waits, and nothing moves.
  setTimeout(formatTime, 350, Date());
  if (host.isOpen) view.open(false);
  if (identity) void enter().catch(() => undefined);
  followViewport(place, life);
  const stops = [
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

  function become(next: string): void {
    if (next && (next === identity || signIn.renew?.(next))) return;
    const isOpen = view.isOpen.value;
    // Written since it was cleared by the tab that told; another conversation is somebody else's.
    if (store.read().conversation === chat.handle) store.clear();
    // What is still on its way is not kept.
    store.isKept = false;
    handle.unmount();
    mount(root, { ...host, identity: next, isOpen }, handle);
  }

  return Object.assign(handle, {
    open: view.open,
    close: () => isInline || view.close(),
    send: view.send,
    update(options: PageOptions) {
      host = { ...host, options };
      view.config.value = configure(host);
    },
    identify: become,
    unmount() {
      life.abort();
      render(null, place);
      for (const stop of stops) stop();
      view.dispose();
      chat.dispose();
      place.remove();
      root.adoptedStyleSheets = before;
    },
  });
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
