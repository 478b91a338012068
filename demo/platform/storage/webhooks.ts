import type { DatabaseSync } from "node:sqlite";

/** Where an account wants the messages from Lex; `bodyTemplate` is any JSON with {{variables}}. */
export type Webhook = {
  url: string;
  method: string;
  headers: Record<string, string>;
  bodyTemplate: unknown;
};

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS webhooks (account TEXT PRIMARY KEY, webhook TEXT NOT NULL) STRICT;
`;

export function createWebhookTable(database: DatabaseSync) {
  database.exec(SCHEMA);
  const select = database.prepare("SELECT webhook FROM webhooks WHERE account = ?");
  const upsert = database.prepare(
    "INSERT OR REPLACE INTO webhooks (account, webhook) VALUES (?, ?)",
  );
  const remove = database.prepare("DELETE FROM webhooks WHERE account = ?");

  return {
    find(account: string): Webhook | null {
      const row = select.get(account) as { webhook: string } | undefined;
      return row ? (JSON.parse(row.webhook) as Webhook) : null;
    },
    save: (account: string, webhook: Webhook) => void upsert.run(account, JSON.stringify(webhook)),
    remove: (account: string) => void remove.run(account),
  };
}
