import type { Message } from "../../proxy/protocol.ts";
import type { Strings } from "../locales/en.ts";
import { format } from "../locales/format.ts";

export type TextOptions = { agent: string; strings: Strings; locale: string | undefined };

/** A conversation as plain text: who said what when. An answer that is still being written has no time. */
export function toText(
  messages: readonly Message[],
  { agent, strings, locale }: TextOptions,
): string {
  const parts = messages.map(({ role, content, created_at }) => {
    const said = role === "user" ? strings.youSaid : format(strings.agentSaid, agent);
    const date = new Date(created_at);
    const time =
      created_at && date.toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
    return `${time && `[${time}] `}${said}\n${content.trim()}\n`;
  });
  return [`${strings.chat} – ${agent}\n`, ...parts].join("\n");
}
