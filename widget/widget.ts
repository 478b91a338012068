import type { WidgetSettings } from "../proxy/protocol.ts";
import { warn } from "./console.ts";
import type { ChatEvents, ChatHandle } from "./handle.ts";
import { createLauncher, type LauncherState } from "./launcher.ts";
import type { Strings } from "./locales/en.ts";
import type { PageOptions } from "./options.ts";
import type { mount, PanelHandle } from "./panel.tsx";
import type { Memory } from "./recall.ts";
import { toKey, toProxyUrl } from "./store.ts";

/** What is fetched when a visitor asks for the chat. */
export type Parts = readonly [{ mount: typeof mount }, { strings: Strings }];

export type WidgetOptions = {
  /** Gets the chat, in its shadow root; the caller puts it into the page. */
  host: HTMLElement;
  options: PageOptions;
  /** Part of the page, without a launcher, and open at once. */
  isInline: boolean;
  /** The proxy's. */
  settings: WidgetSettings;
  /** Where the proxy is if the page doesn't say; its options are `data-*` then. */
  base?: string;
  /** What a chat is called in its language. */
  name: string;
  /** Called on intent, and again after a failure. */
  load(): Promise<Parts>;
  /** Called once, where the browser has chatted before. */
  recall(proxy?: string): Promise<Memory>;
};

/** In milliseconds. The first look into storage takes longer than all that is done here: the page goes first. */
const LATER = 500;

/** Draws the launcher at once, and the panel when a visitor asks for it. */
export function createWidget(widget: WidgetOptions): ChatHandle {
  const { host, settings, isInline } = widget;
  const { button, draw, root, style } = createLauncher(host, widget.name, isInline);
  let { options } = widget;
  const proxy = options.proxy || widget.base;
  /** The JWT of who is signed in; empty: nobody is any more. */
  let identity: string | undefined;
  /** Tabs whose chat has the same proxy. */
  let others: BroadcastChannel | undefined;
  let state: LauncherState = { isOpen: false, unread: 0 };
  let starting: Promise<PanelHandle | undefined> | undefined;
  let panel: PanelHandle | undefined;
  let isGone = false;

  function emit<Name extends keyof ChatEvents>(name: Name, detail?: ChatEvents[Name]) {
    const init = { detail, bubbles: true, composed: true };
    host.dispatchEvent(new CustomEvent(`lex-chat:${name}`, init));
  }

  function change(changes: Partial<typeof state>) {
    const { isOpen, unread } = state;
    state = { ...state, ...changes };
    if (isOpen && !state.isOpen && root.activeElement) button.focus();
    draw(state);
    if (state.isOpen !== isOpen) emit(isOpen ? "close" : "open");
    if (state.unread !== unread) emit("unread", state.unread);
  }

  /** Draws the closed panel, once. */
  function start() {
    starting ??= widget.load().then(
      ([{ mount }, { strings }]) => {
        share();
        const { identify } = handle;
        const host = { ...widget, options, strings, identity, identify, emit, onChange: change };
        if (!isGone) panel = mount(root, host);
        return panel;
      },
      (error: unknown) => {
        starting = undefined;
        throw error;
      },
    );
    return starting;
  }

  function open() {
    const byGesture = !isInline && navigator.userActivation?.isActive;
    return start().then(
      (panel) => panel?.open(byGesture),
      (error) => warn(`Not loaded: ${error}`),
    );
  }

  function become(jwt: string) {
    identity = jwt;
    panel?.identify(jwt);
  }

  /** Hears who is signed in, or out, in other tabs; and tells them. Where the browser refuses, this one is alone. */
  function share(jwt?: string) {
    try {
      const key = toKey(toProxyUrl(proxy));
      others ??= Object.assign(new BroadcastChannel(key), {
        onmessage: ({ data }: MessageEvent<string>) => become(data),
      });
      if (jwt === undefined) return;
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows
      others.postMessage(jwt);
      // What is stored is of a visitor without a name.
      for (const name of Object.keys(localStorage))
        if (name.split(" ")[0] === key) localStorage.removeItem(name);
    } catch {
      // Nothing is stored, and no tab hears another.
    }
  }

  const handle: ChatHandle = {
    open,
    close: () => panel?.close(),
    toggle: () => (state.isOpen ? handle.close() : open()),
    send: (text) => open().then(() => panel?.send(text)),
    update(changes) {
      options = { ...options, ...changes };
      style({ ...settings.branding, ...options });
      change({});
      panel?.update(options);
    },
    identify(jwt = "") {
      share(`${jwt}`);
      change({ unread: 0 });
      become(`${jwt}`);
    },
    logout: () => handle.identify(),
    on(name, hear) {
      const call = (event: Event) => hear((event as CustomEvent).detail);
      host.addEventListener(`lex-chat:${name}`, call);
      return () => host.removeEventListener(`lex-chat:${name}`, call);
    },
    destroy() {
      isGone = true;
      panel?.unmount();
      panel = undefined;
      others?.close();
      host.remove();
    },
  };

  /** In a browser that has chatted, with any proxy. */
  async function lookBack() {
    if (isGone || !String(Object.keys(localStorage)).includes("lex-chat:")) return;
    const { hasOutbox, ...news } = await widget.recall(proxy);
    if (isGone || panel || identity !== undefined) return;
    change(news);
    if (hasOutbox) await start();
  }

  // A finger, too, is a pointer that comes over. The click finds the panel drawn.
  const warm = () => void start().catch(() => undefined);
  button.addEventListener("pointerover", warm);
  button.addEventListener("focus", warm);
  button.addEventListener("click", handle.toggle);
  handle.update({});
  // After the commands that waited for the chat.
  setTimeout(() => {
    if (isGone) return;
    emit("ready");
    if (isInline) void open();
    else setTimeout(() => void lookBack().catch(() => undefined), LATER);
  });
  return handle;
}
