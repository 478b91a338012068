import { textOn } from "./color.ts";
import type { Config } from "./config.ts";
import { launcher as strings } from "./locales/en.ts";
import { format } from "./locales/format.ts";
import css from "./styles/launcher.css?inline";

export type LauncherState = {
  config: Config;
  isOpen: boolean;
  /** Messages that the visitor has not seen. */
  unread: number;
};

/** The host element, its shadow root and the button: all that a page gets before the chat is used. */
export function createLauncher() {
  const host = document.createElement("lex-chat-widget");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  const button = document.createElement("button");
  const badge = document.createElement("span");

  root.adoptedStyleSheets = [sheet];
  button.className = "launcher";
  button.append(badge);
  root.append(button);

  function draw({ config, isOpen, unread }: LauncherState) {
    const name = format(strings.chatWith, { agent: config.agentName });
    button.ariaLabel = unread
      ? `${name}, ${format(strings.unread, { count: String(unread) })}`
      : name;
    button.ariaExpanded = String(isOpen);
    badge.textContent = unread > 9 ? "9+" : String(unread || "");
    sheet.replaceSync(css + toCss(config));
  }

  return { host, root, button, draw };
}

function toCss({ primaryColor, position, offset, zIndex }: Config): string {
  return `:host{--brand:${primaryColor};--on-brand:${textOn(primaryColor)};${position}:${offset}px!important;bottom:${offset}px!important;z-index:${zIndex}!important}`;
}
