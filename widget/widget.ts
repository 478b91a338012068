import type { Branding } from "../proxy/protocol.ts";
import { rebrand, type Config } from "./config.ts";
import { warn } from "./console.ts";
import { createLauncher } from "./launcher.ts";
import type { mount, PanelHandle } from "./panel.tsx";
import { createStore } from "./store.ts";
import { countUnread } from "./unread.ts";

/** What a page can ask of a chat. Nothing here throws. */
export type ChatHandle = {
  /** Moves the focus only when called by a visitor's gesture. */
  open(): void;
  close(): void;
  toggle(): void;
  /** Opens the chat and sends `text` for the visitor. */
  send(text: string): void;
  /** Changes the branding at run time. */
  update(branding: Partial<Branding>): void;
  /** Removes everything; what the browser remembers of the visitor stays. */
  destroy(): void;
};

type WidgetOptions = {
  config: Config;
  /** Fetches the panel; called on intent and again after a failure. */
  loadPanel: () => Promise<{ mount: typeof mount }>;
};

/**
 * Draws the launcher at once, and the panel when a visitor asks for it, in `host`, which the caller
 * puts into the page.
 */
export function createWidget({ config: initial, loadPanel }: WidgetOptions) {
  const { button, draw, host, root } = createLauncher(initial);
  const store = createStore(initial.proxy);
  let config = initial;
  let loading: ReturnType<typeof loadPanel> | undefined;
  let panel: PanelHandle | undefined;
  let isOpen = false;
  let unread = 0;
  let isGone = false;

  function load() {
    loading ??= loadPanel().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  /** Undefined, with a line for the page's author, when the panel can't be fetched. */
  async function getPanel(): Promise<PanelHandle | undefined> {
    try {
      button.ariaBusy = "true";
      const { mount } = await load();
      if (!isGone) panel ??= mount(root, { config, store, onOpenChange, onUnreadChange });
    } catch (error) {
      warn(`The chat can't be loaded: ${String(error)}`);
    }
    button.ariaBusy = null;
    return panel;
  }

  function onOpenChange(next: boolean) {
    if (isOpen && !next && root.activeElement) button.focus({ preventScroll: true });
    isOpen = next;
    draw(config, isOpen, unread);
  }

  function onUnreadChange(count: number) {
    unread = count;
    draw(config, isOpen, unread);
  }

  async function open() {
    const byGesture = navigator.userActivation?.isActive ?? false;
    (await getPanel())?.open(byGesture);
  }

  const handle: ChatHandle = {
    open: () => void open(),
    close: () => panel?.close(),
    toggle: () => (isOpen ? handle.close() : handle.open()),
    send: (text) => void open().then(() => panel?.send(text)),
    update(branding) {
      config = rebrand(config, branding ?? {});
      draw(config, isOpen, unread);
      panel?.update(config);
    },
    destroy() {
      isGone = true;
      panel?.unmount();
      host.remove();
    },
  };

  const warm = () => void load().catch(() => undefined);
  for (const intent of ["pointerover", "focus", "touchstart"]) {
    button.addEventListener(intent, warm, { once: true, passive: true });
  }
  button.addEventListener("click", handle.toggle);
  void countUnread(config.proxy, store).then((count) => {
    if (!panel) onUnreadChange(count);
  });
  return { host, handle };
}
