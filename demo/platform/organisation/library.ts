import { toArticleName, type StoredArticle } from "../storage/articles.ts";
import type { Store } from "../storage/store.ts";
import { splitSections, type Article } from "../agent/articles.ts";

/** What the owner sees of an article. */
export type LibraryArticle = Omit<StoredArticle, "isArchived">;

/** An account's knowledge base: the folder's articles, and over them what was written by chat. */
export type Library = {
  /** Those that answers come from. */
  list: () => LibraryArticle[];
  find: (title: string) => LibraryArticle | undefined;
  /** Writes an article, over the one of the same title if there is one. */
  save: (article: LibraryArticle) => void;
  /** Takes an article out of answers. What is not there stays so. */
  archive: (title: string) => void;
  /** The same, as they are searched. */
  articles: () => Article[];
};

export type LibraryOptions = {
  account: string;
  /** What the library begins with. */
  folder: readonly Article[];
  onChange: () => void;
};

export function createLibrary(
  table: Store["articles"],
  { account, folder, onChange }: LibraryOptions,
): Library {
  /** The folder's articles that nobody wrote over. */
  const untouched = (written: StoredArticle[]): Article[] => {
    const names = new Set(written.map(({ title }) => toArticleName(title)));
    return folder.filter(({ title }) => !names.has(toArticleName(title)));
  };

  const list = (): LibraryArticle[] => {
    const written = table.list(account);
    return [
      ...untouched(written).map(toLibraryArticle),
      ...written.filter(({ isArchived }) => !isArchived),
    ].map(({ title, content, category }) => ({ title, content, category }));
  };
  const find = (title: string) =>
    list().find((article) => toArticleName(article.title) === toArticleName(title));

  const write = (article: StoredArticle) => {
    table.save(account, article);
    onChange();
  };

  const articles = (): Article[] => {
    const written = table.list(account);
    const current = written.filter(({ isArchived }) => !isArchived);
    return [...untouched(written), ...current.map((article) => toArticle(article, folder))];
  };

  return {
    list,
    find,
    save: (article) => write({ ...article, isArchived: false }),
    archive(title) {
      const article = find(title);
      if (article) write({ ...article, isArchived: true });
    },
    articles,
  };
}

function toLibraryArticle({ title, sections }: Article): LibraryArticle {
  const parts = sections.map(({ heading, markdown }) =>
    heading === "" ? markdown : `## ${heading}\n\n${markdown}`,
  );
  return { title, content: parts.join("\n\n"), category: null };
}

/** One that was written over keeps its names, not its page: that says what it said before. */
function toArticle(
  { title, content, category }: StoredArticle,
  folder: readonly Article[],
): Article {
  const original = folder.find((one) => toArticleName(one.title) === toArticleName(title));
  return {
    title,
    url: "",
    about: original?.about ?? title.toLowerCase(),
    names: original?.names ?? [],
    keywords: [original?.keywords, category].filter(Boolean).join(", "),
    // What the owner wrote by chat is newer, and meant.
    weight: 2,
    sections: splitSections(content),
  };
}
