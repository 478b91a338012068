import type { WidgetSettings } from "../proxy/protocol.ts";
import { chooseLocale } from "./choose-locale.ts";
import { warn } from "./console.ts";
import type { ChatHandle } from "./handle.ts";
import type * as Recall from "./recall.ts";
import { createWidget, type Parts } from "./widget.ts";

/** Replaced by the proxy when it serves this file; in the one for tags with a hash, by `tag-settings.ts`. */
// oxlint-disable-next-line no-underscore-dangle -- a name that nothing else has
declare const __LEX_CHAT_SETTINGS__: WidgetSettings;
/** Set by the build: the hash in the names of all files, and the launcher's name in each language. */
declare const BUILD: string;
declare const LAUNCHER_NAMES: Readonly<Record<string, string>>;
/** Where the proxy's root is as seen from this file: `.`, or `..` for the one in `assets/`. */
declare const HOME: "." | "..";

type Command = [name: string, ...parameters: unknown[]];
type CommandFunction = {
  (...command: Command): unknown;
  /** What the page asked for before this file was loaded. */
  q?: Iterable<unknown>[];
  isLoaded?: boolean;
};

declare global {
  interface Window {
    LexChat?: CommandFunction | undefined;
  }
}

const names = LAUNCHER_NAMES;
const script = document.currentScript as HTMLScriptElement | null;
if (!script?.src) warn("Load it by <script src>");
else if (!window.LexChat?.isLoaded) start(script, __LEX_CHAT_SETTINGS__);

function start({ src, dataset }: HTMLScriptElement, settings: WidgetSettings): void {
  const home = new URL(HOME, src).href;
  const waiting: Iterable<unknown>[] = window.LexChat?.q ?? [];
  const place = document.createElement("lex-chat-widget");
  let floating: ChatHandle | undefined;

  // A relative import() in a classic script of another origin fails.
  const load = (name: string, url = `${home}assets/${name}.js`) =>
    import(/* @vite-ignore */ url) as Promise<unknown>;

  function create(host: HTMLElement, options: DOMStringMap, isInline: boolean): ChatHandle {
    const locale = chooseLocale(options.locale, host, names);
    const loadParts = (suffix: string) =>
      Promise.all(["panel", locale].map((name) => load(name + suffix))) as Promise<unknown>;
    return createWidget({
      host,
      options,
      isInline,
      settings,
      base: home,
      name: names[locale] as string,
      // Files that are gone after an upgrade: their stable names lead to the present ones.
      load: () => loadParts(BUILD).catch(() => loadParts("")) as Promise<Parts>,
      recall: async (proxy) =>
        ((await load(`recall${BUILD}`)) as typeof Recall).recall(proxy, locale),
    });
  }

  /** A chat that is part of the page: its attributes are those of the script, its methods the commands. */
  class LexChatElement extends HTMLElement {
    #chat: ChatHandle | undefined;

    connectedCallback() {
      this.#chat ??= Object.assign(this, create(this, this.dataset, true));
    }

    /** A page that swaps its body puts the element back at once. */
    disconnectedCallback() {
      setTimeout(() => {
        if (this.isConnected) return;
        this.#chat?.destroy();
        this.#chat = undefined;
      });
    }
  }

  function run(...command: Command): unknown {
    if (!floating) return void waiting.push(command);
    const [name, ...parameters] = command;
    const action = (floating as Partial<Record<string, (...parameters: unknown[]) => unknown>>)[
      name
    ];
    if (!action) return warn(`"${name}" is not one of ${Object.keys(floating)}`);
    if (name === "destroy") {
      observer.disconnect();
      delete window.LexChat;
    }
    return action(...parameters);
  }

  /** Once there is a body; and again when the page replaces it (Turbo) or all that is in it. */
  function attach(): void {
    if (!document.body) return;
    floating ??= create(place, dataset, false);
    if (!place.isConnected) document.body.append(place);
    observer.observe(document.body, { childList: true });
    for (const command of waiting.splice(0)) run(...(command as Command));
  }

  window.LexChat = Object.assign(run, { isLoaded: true });
  const observer = new MutationObserver(attach);
  observer.observe(document.documentElement, { childList: true });
  attach();
  // It outlives `destroy`.
  if (!customElements.get("lex-chat")) customElements.define("lex-chat", LexChatElement);
}
