import { DatabaseSync } from "node:sqlite";
import { createAnswerTable } from "./answers.ts";
import { createArticleTable } from "./articles.ts";
import { createConfigurationTable } from "./configuration.ts";
import { createConversationTable } from "./conversations.ts";
import { createMessageTable } from "./messages.ts";
import { createWebhookTable } from "./webhooks.ts";

/** Everything the platform remembers, in one SQLite database. */
export type Store = ReturnType<typeof openStore>;

/** Opens or creates a database file; `:memory:` keeps it in memory. */
export function openStore(file: string) {
  const database = new DatabaseSync(file);
  // A committed write survives a killed process; readers and the writer do not block each other.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000;");
  return {
    conversations: createConversationTable(database),
    messages: createMessageTable(database),
    webhooks: createWebhookTable(database),
    configurations: createConfigurationTable(database),
    articles: createArticleTable(database),
    answers: createAnswerTable(database),

    /** All or nothing: what `work` wrote is undone when it throws. */
    transact<Result>(work: () => Result): Result {
      database.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        database.exec("COMMIT");
        return result;
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },

    close: () => database.close(),
  };
}
