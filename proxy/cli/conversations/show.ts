import type { Message } from "../../protocol.ts";
import { toMoment } from "../ages.ts";
import { EXIT, JSON_OPTION, toJson, type Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { explained } from "../explain.ts";
import { toLine, toPrintable } from "../printable.ts";
import type { Terminal } from "../terminal.ts";
import { openConversations } from "./access.ts";
import { limitOption, readLimit } from "./limit.ts";

const SHOW_COUNT = 50;

export const conversationsShow: Command = {
  takes: "ID",
  words: 1,
  summary: "shows what was said in a conversation on Lex",
  about: [],
  options: { limit: limitOption(SHOW_COUNT, "of its newest messages"), json: JSON_OPTION },
  settings: [["LEX_API_KEY", "Lex's key"]],
  examples: ["lex-chat conversations show 550e8400-e29b-41d4-a716-446655440000"],

  async run(input, terminal) {
    const [id] = input.words;
    if (id === undefined)
      throw new UsageError("conversations show needs an id", "lex-chat conversations lists them");
    const limit = readLimit(input, SHOW_COUNT);
    const { account, platform, asked } = openConversations("conversations show");
    const [conversation, page] = await explained(asked, () =>
      Promise.all([account.conversation(id), platform.messages(id, { limit })]),
    );
    if (input.flag("json")) {
      terminal.print(toJson({ ...conversation, ...page }));
      return EXIT.ok;
    }
    const title = toLine(conversation.title ?? id);
    terminal.print(terminal.style("bold", title, "results"));
    for (const message of page.messages) terminal.print(toParagraph(message, terminal));
    if (page.hasMore) terminal.note(`\nThere are older messages: --limit ${limit * 2}`);
    return EXIT.ok;
  },
};

function toParagraph({ role, content, created_at }: Message, terminal: Terminal): string {
  const who = `${role === "user" ? "user" : "agent"} · ${toMoment(created_at)}`;
  return `\n${terminal.style("dim", who, "results")}\n${toPrintable(content)}`;
}
