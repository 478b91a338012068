import type { LexConversation } from "../../platforms/lex-conversations.ts";
import { toAge } from "../ages.ts";
import { EXIT, JSON_OPTION, toJson, type Command } from "../command.ts";
import { explained } from "../explain.ts";
import { toLine } from "../printable.ts";
import type { Terminal } from "../terminal.ts";
import { openConversations } from "./access.ts";
import { limitOption, readLimit } from "./limit.ts";

const MIN_TITLE_WIDTH = 12;
const LIST_COUNT = 30;

export const conversationsList: Command = {
  takes: "",
  words: 0,
  summary: "lists the key's conversations on Lex, the newest first",
  about: ["Piped, each is a line of id, status, time and title with tabs between."],
  options: { limit: limitOption(LIST_COUNT, "conversations"), json: JSON_OPTION },
  settings: [["LEX_API_KEY", "Lex's key; Lexey has no such list"]],
  examples: ["lex-chat conversations", "lex-chat conversations --json | jq -r '.[].id'"],

  async run(input, terminal) {
    const limit = readLimit(input, LIST_COUNT);
    const { account, asked } = openConversations("conversations list");
    const all = await explained(asked, account.conversations);
    const shown = all.slice(0, limit);
    if (input.flag("json")) terminal.print(toJson(shown));
    else for (const line of toLines(shown, terminal)) terminal.print(line);
    if (all.length === 0) terminal.note("There are no conversations yet.");
    if (terminal.areNotesShown && all.length > shown.length)
      terminal.note(`There are ${all.length - shown.length} more: --limit ${all.length}`);
    return EXIT.ok;
  },
};

/** In columns for a person, in fields for a program. */
function toLines(list: readonly LexConversation[], terminal: Terminal): string[] {
  if (!terminal.isOutputShown)
    return list.map(({ id, status, updatedAt, title }) =>
      [id, status ?? "", updatedAt ?? "", title ?? ""].map((field) => toLine(field)).join("\t"),
    );
  const rows = list.map(({ id, status, updatedAt, title }) => ({
    id: toLine(id),
    status: toLine(status ?? ""),
    age: toAge(updatedAt),
    title: title ?? "",
  }));
  const width = (name: "id" | "status" | "age"): number =>
    Math.max(0, ...rows.map((row) => row[name].length));
  const [ids, statuses, ages] = [width("id"), width("status"), width("age")];
  const left = terminal.width - ids - statuses - ages - 6;
  if (left < MIN_TITLE_WIDTH)
    return rows.map(({ id, title }) => `${id}  ${toLine(title, terminal.width - id.length - 2)}`);
  return rows.map(({ id, status, age, title }) => {
    const dim = terminal.style(
      "dim",
      `${status.padEnd(statuses)}  ${age.padStart(ages)}`,
      "results",
    );
    return `${id.padEnd(ids)}  ${dim}  ${toLine(title, left)}`;
  });
}
