import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { escapeHtml, markdownToHtml } from "./markdown.ts";

/** A help page: `name` is its file's name and the last part of its address. */
export type HelpArticle = { name: string; title: string; body: string };

/** Reads every Markdown file of a folder, by title. Throws if one has no `title` in its front matter. */
export async function readHelpArticles(folder: string): Promise<HelpArticle[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".md"));
  const articles = await Promise.all(
    files.map(async (file) =>
      parseHelpArticle(file.slice(0, -".md".length), await readFile(join(folder, file), "utf8")),
    ),
  );
  return articles.sort((a, b) => a.title.localeCompare(b.title, "en"));
}

export function parseHelpArticle(name: string, source: string): HelpArticle {
  const [, frontMatter = "", body = ""] = /^---\n(.*?)\n---\n(.*)$/s.exec(source) ?? [];
  const title = /^title: *(.+)$/m.exec(frontMatter)?.[1];
  if (title === undefined) throw new Error(`${name}.md has no title in its front matter`);
  return { name, title, body };
}

export function renderHelpArticle({ title, body }: HelpArticle): string {
  return `<main id="content" class="prose wrap">
<p><a href="/help">All help articles</a></p>
<h1>${escapeHtml(title)}</h1>
${markdownToHtml(body)}
</main>`;
}

export function renderHelpIndex(articles: HelpArticle[]): string {
  const items = articles.map(
    ({ name, title }) => `<li><a href="/help/${escapeHtml(name)}">${escapeHtml(title)}</a></li>`,
  );
  return `<main id="content" class="prose wrap">
<h1>How can we help?</h1>
<ul class="articles">
${items.join("\n")}
</ul>
</main>`;
}
