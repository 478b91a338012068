/** Takes the place of the proxy's settings in the loader that is the same for everybody. */
import type { WidgetSettings } from "../proxy/protocol.ts";
import { warn } from "./console.ts";

const script = document.currentScript as HTMLScriptElement | null;

/** As `lex-chat snippet --sri` has written them into the tag; what is not there is the proxy's default. */
export const settings: WidgetSettings = {
  branding: {},
  feedback: read("data-feedback", /^(on|off)$/, "on") === "on",
  newConversation: read("data-new-conversation", /^(on|off)$/, "on") === "on",
  messageCharacters: Number(read("data-message-characters", /^[1-9]\d{0,8}$/, "8000")),
};

function read(attribute: string, right: RegExp, byDefault: string): string {
  const value = script?.getAttribute(attribute) ?? byDefault;
  if (right.test(value)) return value;
  warn(`${attribute}="${value}" is not used: use ${byDefault}`);
  return byDefault;
}
