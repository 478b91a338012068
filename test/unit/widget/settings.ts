import type { WidgetSettings } from "../../../proxy/protocol.ts";

/** What a proxy without any branding writes into `widget.js`. */
export const settings: WidgetSettings = {
  branding: {},
  feedback: false,
  newConversation: true,
  messageCharacters: 8000,
};
