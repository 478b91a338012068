import type { WidgetSettings } from "../proxy/protocol.ts";
import { createConfig, type ChatOptions } from "./config.ts";
import type { ChatHandle } from "./handle.ts";
import { createWidget } from "./widget.ts";

export type { ChatHandle, ChatOptions };

/** `target` gets the one element of the chat; default: the page's body. */
export type MountOptions = ChatOptions & { target?: Element };

/** What `widget.js` gets from the proxy; a bundle asks for nothing before it is used. */
const SETTINGS: WidgetSettings = {
  branding: {},
  feedback: false,
  newConversation: true,
  messageCharacters: 8000,
};

/**
 * Puts a chat on the page; the panel is loaded when a visitor asks for it. Rejects when `proxy` is
 * no address; other wrong options are console lines, and their defaults are used.
 */
export async function mount({ target, ...options }: MountOptions): Promise<ChatHandle> {
  const config = createConfig(options, (name) => name, SETTINGS);
  if (!config.proxy) throw new TypeError("mount() needs `proxy`, the address of the proxy.");
  const { host, handle } = createWidget(config, () => import("./panel.tsx"));
  (target ?? document.body).append(host);
  return handle;
}
