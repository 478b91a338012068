import type { DatabaseSync } from "node:sqlite";

/** An article that the owner wrote by chat. `content` is Markdown; `category` is null without one. */
export type StoredArticle = {
  title: string;
  content: string;
  category: string | null;
  isArchived: boolean;
};

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    -- The title as it is compared: an account has one article of a title.
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    category TEXT,
    is_archived INTEGER NOT NULL,
    UNIQUE (account, name)
  ) STRICT;
`;

export function createArticleTable(database: DatabaseSync) {
  database.exec(SCHEMA);
  const select = database.prepare(
    "SELECT title, content, category, is_archived FROM articles WHERE account = ? ORDER BY number",
  );
  const upsert = database.prepare(
    `INSERT INTO articles (account, name, title, content, category, is_archived)
     VALUES ($account, $name, $title, $content, $category, $isArchived)
     ON CONFLICT (account, name) DO UPDATE SET
       title = $title, content = $content, category = $category, is_archived = $isArchived`,
  );

  return {
    /** In the order in which they were first written, archived ones included. */
    list: (account: string): StoredArticle[] =>
      select.all(account).map((row) => ({
        title: String(row["title"]),
        content: String(row["content"]),
        category: row["category"] === null ? null : String(row["category"]),
        isArchived: row["is_archived"] === 1,
      })),

    /** Writes an article, over the one of the same title if there is one. */
    save(account: string, article: StoredArticle): void {
      const { title, content, category, isArchived } = article;
      const name = toArticleName(title);
      upsert.run({ account, name, title, content, category, isArchived: isArchived ? 1 : 0 });
    },
  };
}

/** Titles that differ in case, blanks or punctuation alone are the same. */
export function toArticleName(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
