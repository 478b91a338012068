import type { DatabaseSync } from "node:sqlite";

/** `created_at` is ISO 8601; messages are ordered by insertion, not by it. */
export type Message = {
  id: string;
  role: "user" | "assistant";
  content: string;
  created_at: string;
};

/** `since` and `before` are ids of messages, both exclusive. */
export type Page = { since?: string | undefined; before?: string | undefined; limit: number };

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL REFERENCES conversations (id),
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS by_conversation ON messages (conversation, number);
`;

export function createMessageTable(database: DatabaseSync) {
  database.exec(SCHEMA);
  const insert = database.prepare(
    "INSERT INTO messages (id, conversation, role, content, created_at) VALUES (?, ?, ?, ?, ?)",
  );
  const numberOf = database.prepare(
    "SELECT number FROM messages WHERE id = ? AND conversation = ?",
  );
  const between = (order: "ASC" | "DESC") =>
    database.prepare(
      `SELECT id, role, content, created_at FROM messages
       WHERE conversation = $conversation AND number > $after AND number < $before
       ORDER BY number ${order} LIMIT $limit`,
    );
  const count = database.prepare(
    "SELECT count(*) AS count FROM messages WHERE conversation = ? AND role = ?",
  );
  const countAnswers = database.prepare(
    `SELECT count(*) AS count FROM messages JOIN conversations ON conversations.id = conversation
     WHERE account = ? AND role = 'assistant'`,
  );
  const oldestFirst = between("ASC");
  const newestFirst = between("DESC");

  const find = (conversation: string, id: string) =>
    (numberOf.get(id, conversation) as { number: number } | undefined)?.number;

  return {
    has: (conversation: string, id: string) => find(conversation, id) !== undefined,

    add(conversation: string, message: Message): void {
      const { id, role, content, created_at } = message;
      insert.run(id, conversation, role, content, created_at);
    },

    /** How many of a conversation's messages are by that side. */
    count: (conversation: string, role: Message["role"]) =>
      (count.get(conversation, role) as { count: number }).count,

    /** How many answers an account has had, in all its conversations. */
    countAnswers: (account: string) => (countAnswers.get(account) as { count: number }).count,

    /**
     * Chronological. With `since` the oldest after it, otherwise the newest (before `before`);
     * `hasMore` says that the limit left some out in that direction.
     */
    page(conversation: string, { since, before, limit }: Page) {
      const direction = since === undefined ? newestFirst : oldestFirst;
      const rows = direction.all({
        conversation,
        after: (since === undefined ? undefined : find(conversation, since)) ?? 0,
        before:
          (before === undefined ? undefined : find(conversation, before)) ??
          Number.MAX_SAFE_INTEGER,
        limit: limit + 1,
      }) as Message[];
      const messages = rows.slice(0, limit);
      if (since === undefined) messages.reverse();
      return { messages, hasMore: rows.length > limit };
    },
  };
}
