import type { Branding } from "../proxy/protocol.ts";
import type { Strings } from "./locales/en.ts";

/** What a page may set: by `data-*` attributes, or in camelCase by `mount()` and `update`. */
export type Options = Branding & {
  /** Base URL of the proxy; default: where `widget.js` came from. */
  proxy: string;
  /** `auto` follows the visitor's system. */
  theme: "auto" | "light" | "dark";
  position: "right" | "left";
  /** Distance from the edges of the window in pixels; default 20. */
  offset: number;
  /** Default 1000. */
  zIndex: number;
  /** `off`: no button is drawn; the page opens the chat itself. */
  launcher: "on" | "off";
  /** The language of the chat, such as `de` or `de-AT`; default: that of the page. */
  locale: string;
  /** What a visitor has to agree to before the first message; links as in Markdown. */
  consent: string;
  /** Questions on the welcome screen; as one text, separated by `|`. */
  suggestions: readonly string[] | string;
  /** Words of your own instead of the locale's, by their names there; not as an attribute. */
  texts: Partial<Strings>;
  /**
   * Called when a visitor who was signed in by `identify` has to be signed in anew, once: resolves with
   * a fresh JWT. Not as an attribute.
   */
  onIdentityExpired: () => Promise<string> | string;
};

/** Nothing of it is checked. */
export type PageOptions = { readonly [Name in keyof Options]?: Options[Name] | string | undefined };
