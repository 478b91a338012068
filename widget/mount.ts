import type { WidgetSettings } from "../proxy/protocol.ts";
import { chooseLocale } from "./choose-locale.ts";
import type { ChatEvents, ChatHandle } from "./handle.ts";
import type * as Locale from "./locales/en.ts";
import type { Options } from "./options.ts";
import { createWidget } from "./widget.ts";

export type { ChatEvents, ChatHandle };

/** What `mount()` takes of the options. */
export type ChatOptions = Partial<Options> & Pick<Options, "proxy">;

export type MountOptions = ChatOptions & {
  /** Gets the one element of the chat; default: the page's body. */
  target?: Element;
  /** The chat fills its element, which is 600 px high if the page says nothing, instead of floating above the page. */
  inline?: boolean;
};

/** What `widget.js` gets from the proxy; a bundle asks for nothing before it is used. */
const SETTINGS: WidgetSettings = {
  branding: {},
  feedback: false,
  newConversation: true,
  messageCharacters: 8000,
};

const locales = import.meta.glob<typeof Locale>(["./locales/*.ts", "!./locales/format.ts"]);
const byTag = Object.fromEntries(
  Object.entries(locales).map(([path, load]) => [
    path.slice("./locales/".length, -".ts".length),
    load,
  ]),
);

/**
 * Puts a chat on the page; the panel is loaded when a visitor asks for it. Rejects when `proxy` is
 * no address; other wrong options are console lines, and their defaults are used.
 */
export async function mount({ target, inline, ...options }: MountOptions): Promise<ChatHandle> {
  if (!/^(https?:\/)?\//.test(options.proxy ?? "")) {
    throw new TypeError(
      `mount() needs \`proxy\`, the address of the proxy, not "${options.proxy}".`,
    );
  }
  const parent = target ?? document.body;
  const host = document.createElement(inline ? "lex-chat-inline" : "lex-chat-widget");
  const tag = chooseLocale(options.locale, parent, byTag);
  const locale = await byTag[tag]?.();
  if (!locale) throw new Error("The package has no English words.");
  const handle = createWidget({
    host,
    options,
    isInline: inline === true,
    settings: SETTINGS,
    name: locale.launcher.chat,
    load: async () => [await import("./panel.tsx"), locale],
    recall: async (proxy) => (await import("./recall.ts")).recall(proxy, tag),
  });
  parent.append(host);
  return handle;
}
