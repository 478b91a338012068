import { openChat } from "./access.ts";
import type { Command } from "./command.ts";
import { talk, TALK_OPTIONS } from "./talk.ts";

export const chat: Command = {
  takes: "[text]",
  words: Infinity,
  summary: "talks with the agent",
  about: [
    "With a text, or one that is piped in, it asks once and prints the answer. Without, it is a conversation at the terminal: Ctrl-C stops an answer, a second one leaves, and so does Ctrl-D.",
    "In a text, - stands for standard input.",
  ],
  options: TALK_OPTIONS,
  settings: [
    ["LEX_API_KEY", "Lex's key; or"],
    ["LEXEY_CUSTOMER_KEY", "Lexey's customer key"],
    ["PLATFORM", "lex or lexey, when there are keys of both"],
    ["LEX_URL, LEXEY_URL", "where the platform is, if it is not the public one"],
  ],
  examples: [
    "lex-chat chat",
    'lex-chat chat "What does shipping to Germany cost?"',
    'lex-chat chat --json "Where is my order?" | jq -r .answer',
    'lex-chat chat "Answer this mail:" - < mail.txt',
  ],

  async run(input, terminal) {
    const access = await openChat(input.text("conversation") ?? null);
    return talk({ name: "chat", ...access }, input, terminal);
  },
};
