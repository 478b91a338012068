import { openManagement } from "./access.ts";
import type { Command } from "./command.ts";
import { talk, TALK_OPTIONS } from "./talk.ts";

export const manage: Command = {
  takes: "[text]",
  words: Infinity,
  summary: "talks with Lexey's configuration agent",
  about: [
    "It changes what the customers' agent knows and does: the business, articles, branding, rules for escalation; and tells how it has performed. What it confirms counts at once.",
    "With a text, or one that is piped in, it asks once and prints the answer. Without, it is a conversation at the terminal: Ctrl-C stops an answer, a second one leaves, and so does Ctrl-D.",
    "In a text, - stands for standard input.",
  ],
  options: TALK_OPTIONS,
  settings: [
    ["LEXEY_MANAGEMENT_KEY", "Lexey's management key; it starts with lxm_"],
    ["LEXEY_URL", "where Lexey is, if it is not the public one"],
  ],
  examples: [
    "lex-chat manage",
    `lex-chat manage "Set our agent name to 'Acme Support'"`,
    'lex-chat manage "How have we performed over the last 7 days?"',
    'lex-chat manage "Add a knowledge article about pricing:" - < pricing.md',
  ],

  run: (input, terminal) =>
    talk(
      { name: "manage", ...openManagement(input.text("conversation") ?? null) },
      input,
      terminal,
    ),
};
