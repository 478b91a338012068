import type { PageOptions } from "./options.ts";
import css from "./styles/launcher.css?inline";

export type LauncherState = {
  isOpen: boolean;
  /** Messages that the visitor has not seen; `news` says it in words. */
  unread: number;
  news?: string;
};

/**
 * The shadow root of `host`, and the button in it: all that a page gets before the chat is used. A
 * chat that is part of the page has none. `name` is the locale's word for it, before the agent's name.
 */
export function createLauncher(host: HTMLElement, name: string, isInline: boolean) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  const button = document.createElement("button");
  const badge = document.createElement("span");
  let label: string;

  root.adoptedStyleSheets = [sheet];
  button.className = button.part = "launcher";
  button.append(badge);

  /** A new style sheet costs the open panel all of its styles: only for what the page has changed. */
  function style(options: PageOptions) {
    label = options.agentName ? `${name} – ${options.agentName}` : name;
    sheet.replaceSync(css + toCss(options));
    if (isInline || options.launcher === "off") button.remove();
    // Moved, it would lose the focus.
    else if (!button.parentNode) root.prepend(button);
  }

  function draw({ isOpen, unread, news }: LauncherState) {
    button.ariaLabel = unread ? `${label}, ${news}` : label;
    button.ariaExpanded = `${isOpen}`;
    badge.textContent = unread > 9 ? "9+" : `${unread}`;
    badge.hidden = !unread;
  }

  return { root, button, style, draw };
}

/** What is wrong is no CSS, so the default stays; the panel, when it is loaded, says so. */
function toCss({ primaryColor = "", position, offset, zIndex }: PageOptions): string {
  const brand = CSS.supports("color", primaryColor) && `--brand:${primaryColor}!important`;
  const side = position === "left" ? position : "right";
  return `:host{${brand}}:host(lex-chat-widget){${side}:20px!important;${side}:${offset}px!important;bottom:${offset}px!important;z-index:${zIndex}!important}`;
}
