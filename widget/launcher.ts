import { textOn } from "./color.ts";
import type { Config } from "./config.ts";
import { launcher as strings } from "./locales/en.ts";
import css from "./styles/launcher.css?inline";

const SVG = "http://www.w3.org/2000/svg";
const CHAT =
  "M12 4c5 0 8.500 3 8.500 7s-3.500 7-8.500 7q-1.500 0-3-.4L5 20l.8-3.600Q3.500 14.200 3.500 11c0-4 3.500-7 8.500-7z";
const CLOSE = "M6 9.500l6 6 6-6";

/** The host element, its shadow root and the button: all that a page gets before the chat is used. */
export function createLauncher(config: Config) {
  const host = document.createElement("lex-chat-widget");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  const button = document.createElement("button");
  const svg = document.createElementNS(SVG, "svg");
  const icon = document.createElementNS(SVG, "path");
  const badge = document.createElement("span");

  root.adoptedStyleSheets = [sheet];
  button.className = "launcher";
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.append(icon);
  button.append(svg, badge);
  root.append(button);

  /** `unread` is a number of messages; none while the panel is open. */
  function draw({ agentName, ...config }: Config, isOpen: boolean, unread: number) {
    const name = strings.name(agentName);
    button.ariaLabel = unread ? `${name}, ${strings.unread(unread)}` : name;
    button.ariaExpanded = String(isOpen);
    icon.setAttribute("d", isOpen ? CLOSE : CHAT);
    badge.textContent = unread > 9 ? "9+" : String(unread || "");
    sheet.replaceSync(css + toCss(config));
  }

  draw(config, false, 0);
  return { host, root, button, draw };
}

function toCss({ primaryColor, position, offset, zIndex }: Omit<Config, "agentName">): string {
  return `:host{--brand:${primaryColor};--on-brand:${textOn(primaryColor)};--offset:${offset}px;${position}:${offset}px!important;z-index:${zIndex}!important}`;
}
