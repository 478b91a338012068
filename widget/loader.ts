import type { WidgetSettings } from "../proxy/protocol.ts";
import { createConfig } from "./config.ts";
import { warn } from "./console.ts";
import type { ChatHandle } from "./handle.ts";
import type * as Panel from "./panel.tsx";
import { createWidget } from "./widget.ts";

/** Replaced by the proxy when it serves this file; in the one for tags with a hash, by `tag-settings.ts`. */
// oxlint-disable-next-line no-underscore-dangle -- a name that nothing else has
declare const __LEX_CHAT_SETTINGS__: WidgetSettings;
/** The hashed name of the panel's file, set by the build. */
declare const PANEL_FILE: string;
/** Where the proxy's root is as seen from this file: `.`, or `..` for the one in `assets/`. */
declare const HOME: "." | "..";

type Command = [name: string, parameter?: unknown];
type CommandFunction = {
  (...command: Command): void;
  /** What the page asked for before this file was loaded. */
  q?: Iterable<unknown>[];
  isLoaded?: boolean;
};

declare global {
  interface Window {
    LexChat?: CommandFunction | undefined;
  }
}

const script = document.currentScript as HTMLScriptElement | null;
if (!script?.src) warn("Load widget.js by <script src>, not as a module.");
else if (!window.LexChat?.isLoaded) start(script, __LEX_CHAT_SETTINGS__);

function start({ src, dataset }: HTMLScriptElement, settings: WidgetSettings): void {
  const home = new URL(HOME, src).href;
  const config = createConfig(dataset, toAttribute, settings, home);
  const waiting: Iterable<unknown>[] = window.LexChat?.q ?? [];
  let widget: ReturnType<typeof createWidget> | undefined;

  // A relative import() in a classic script of another origin fails.
  const load = (file: string): Promise<typeof Panel> =>
    import(/* @vite-ignore */ new URL(`assets/${file}`, home).href);

  // A panel that is gone after an upgrade: its stable name leads to the present one.
  const loadPanel = () => load(PANEL_FILE).catch(() => load("panel.js"));

  function run(...command: Command): void {
    if (!widget) return void waiting.push(command);
    const [name, parameter] = command;
    const { handle } = widget;
    if (!Object.hasOwn(handle, name)) {
      return warn(`LexChat("${name}") is not one of: ${Object.keys(handle).join(", ")}`);
    }
    (handle[name as keyof ChatHandle] as (parameter: unknown) => void)(parameter);
    if (name === "destroy") {
      observer.disconnect();
      delete window.LexChat;
    }
  }

  /** Once there is a body; and again when the page replaces it (Turbo). */
  function attach(): void {
    if (!document.body) return;
    widget ??= createWidget(config, loadPanel);
    if (!widget.host.isConnected) document.body.append(widget.host);
    for (const command of waiting.splice(0)) run(...(command as Command));
  }

  window.LexChat = Object.assign(run, { isLoaded: true });
  const observer = new MutationObserver(attach);
  observer.observe(document.documentElement, { childList: true });
  attach();
}

function toAttribute(name: string): string {
  return `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
