import type { DatabaseSync } from "node:sqlite";

/** `status` says who answers: the agent, or a person after a hand-over. */
export type Conversation = {
  id: string;
  account: string;
  title: string;
  status: "active" | "escalated";
  created_at: string;
  updated_at: string;
};

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    is_default INTEGER NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'active',
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    -- Counts updates: two within a millisecond still have an order.
    updated_number INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS one_default ON conversations (account) WHERE is_default = 1;
  CREATE INDEX IF NOT EXISTS by_account ON conversations (account, updated_number);
`;

const COLUMNS = "id, account, title, status, created_at, updated_at";
const NEXT_NUMBER = "(SELECT coalesce(max(updated_number), 0) + 1 FROM conversations)";

export function createConversationTable(database: DatabaseSync) {
  database.exec(SCHEMA);
  const byId = database.prepare(`SELECT ${COLUMNS} FROM conversations WHERE id = ?`);
  const byDefault = database.prepare(
    `SELECT ${COLUMNS} FROM conversations WHERE account = ? AND is_default = 1`,
  );
  const byAccount = database.prepare(
    `SELECT ${COLUMNS} FROM conversations WHERE account = ? ORDER BY updated_number DESC`,
  );
  const insert = database.prepare(
    `INSERT INTO conversations
       (id, account, is_default, title, created_at, updated_at, updated_number)
     VALUES ($id, $account, $isDefault, $title, $now, $now, ${NEXT_NUMBER})`,
  );
  const touch = database.prepare(
    `UPDATE conversations SET updated_at = ?, updated_number = ${NEXT_NUMBER} WHERE id = ?`,
  );
  const setStatus = database.prepare("UPDATE conversations SET status = ? WHERE id = ?");

  return {
    find: (id: string) => byId.get(id) as Conversation | undefined,
    findDefault: (account: string) => byDefault.get(account) as Conversation | undefined,
    /** Most recently updated first. */
    list: (account: string) => byAccount.all(account) as Conversation[],

    open(fields: { id: string; account: string; title: string; isDefault: boolean }): void {
      const now = new Date().toISOString();
      insert.run({ ...fields, isDefault: fields.isDefault ? 1 : 0, now });
    },

    touch: (id: string) => void touch.run(new Date().toISOString(), id),
    setStatus: (id: string, status: Conversation["status"]) => void setStatus.run(status, id),
  };
}
