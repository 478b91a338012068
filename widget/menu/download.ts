import type { Message } from "../../proxy/protocol.ts";
import type { Config } from "../config.ts";
import type { Strings } from "../locales/en.ts";
import type { Chat } from "../state/chat.ts";
import { toText } from "./to-text.ts";

/** How long the browser has to take the file, in milliseconds. */
const TAKEN = 60_000;

/** Gives the visitor the whole conversation as a text file; rejects when it can't be loaded. */
export async function download(chat: Chat, config: Config, strings: Strings): Promise<void> {
  const { agentName, locale } = config;
  const agent = agentName || strings.agentName;
  const messages = await loadAll(chat);
  // Whose it is may have signed out meanwhile.
  if (chat.transcript.value.entries.length === 0) return;
  const text = toText(messages, { agent, strings, locale: locale || undefined });
  const link = document.createElement("a");
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const today = new Date().toLocaleDateString("sv");
  link.href = url;
  link.download = `${agent.replace(/[^\p{L}\d]+/gu, "-")}-${today}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), TAKEN);
}

/** What is on the screen, and the older pages before it. */
async function loadAll({ handle, transcript, transport }: Chat): Promise<Message[]> {
  const messages: Message[] = transcript.value.entries.filter(({ delivery }) => !delivery);
  let { hasMore } = transcript.value;
  while (hasMore && messages[0]) {
    const page = await transport.messages(handle ?? "", messages[0].id);
    messages.unshift(...page.messages);
    hasMore = page.hasMore && page.messages.length > 0;
  }
  return messages;
}
