import { rebrand, type Config } from "./config.ts";
import { warn } from "./console.ts";
import type { ChatHandle } from "./handle.ts";
import { createLauncher, type LauncherState } from "./launcher.ts";
import type { mount, PanelHandle } from "./panel.tsx";
import { createStore } from "./store.ts";
import { countUnread } from "./unread.ts";

/** Fetches the panel; called on intent, and again after a failure. */
type LoadPanel = () => Promise<{ mount: typeof mount }>;

/**
 * Draws the launcher at once, and the panel when a visitor asks for it, in `host`, which the caller
 * puts into the page.
 */
export function createWidget(config: Config, loadPanel: LoadPanel) {
  const { button, draw, host, root } = createLauncher();
  const store = createStore(config.proxy);
  let state: LauncherState = { config, isOpen: false, unread: 0 };
  let loading: ReturnType<LoadPanel> | undefined;
  let panel: PanelHandle | undefined;
  let isGone = false;

  function change(changes: Partial<LauncherState>) {
    if (state.isOpen && changes.isOpen === false && root.activeElement) button.focus();
    state = { ...state, ...changes };
    draw(state);
  }

  function load() {
    loading ??= loadPanel().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  /** Draws the closed panel. */
  async function start() {
    const { mount } = await load();
    if (!isGone) panel ??= mount(root, { config: state.config, store, onChange: change });
  }

  async function open() {
    const byGesture = navigator.userActivation?.isActive ?? false;
    try {
      await start();
      panel?.open(byGesture);
    } catch (error) {
      warn(`The chat can't be loaded: ${error}`);
    }
  }

  const handle: ChatHandle = {
    open: () => void open(),
    close: () => panel?.close(),
    toggle: () => (state.isOpen ? handle.close() : handle.open()),
    send: (text) => void open().then(() => panel?.send(text)),
    update(branding) {
      change({ config: rebrand(state.config, branding ?? {}) });
      panel?.update(state.config);
    },
    destroy() {
      isGone = true;
      panel?.unmount();
      host.remove();
    },
  };

  const warm = () => void load().catch(() => undefined);
  // A finger, too, is a pointer that comes over.
  button.addEventListener("pointerover", warm);
  button.addEventListener("focus", warm);
  button.addEventListener("click", handle.toggle);
  change({});
  // What the visitor has sent on an earlier page, and found no line, goes out.
  if (store.read().outbox?.some(({ problem }) => !problem)) void start().catch(() => undefined);
  void countUnread(config.proxy, store).then((unread) => panel ?? change({ unread }));
  return { host, handle };
}
