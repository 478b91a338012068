import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A Markdown file of the shop's help pages, cut at its `##` headings. */
export type Article = {
  title: string;
  /** Path on the site, such as `/help/shipping`; empty when it has no page. */
  url: string;
  /** How a sentence speaks of it: "the Marlow One", "shipping". */
  about: string;
  /** What a customer calls the thing; a question with one of these is about this article. */
  names: string[];
  /** Words of customers that the article itself does not use. */
  keywords: string;
  /** How much a match counts beside one in another article; 1 by default. */
  weight?: number;
  sections: Section[];
};

/** `heading` is empty for the text before the first heading. */
export type Section = { heading: string; markdown: string };

/** Reads every `.md` file of a folder, in the order of their names. */
export function readArticles(folder: string): Article[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => parseArticle(readFileSync(join(folder, name), "utf8"), name));
}

/** Throws, naming the file, when the front matter lacks title, url or about. */
export function parseArticle(source: string, name: string): Article {
  const [, frontMatter, body] = /^---\n(.*?)\n---\n(.*)$/s.exec(source) ?? [];
  if (frontMatter === undefined || body === undefined) {
    throw new Error(`${name}: an article begins with front matter between two lines of ---`);
  }
  const fields = parseFrontMatter(frontMatter);
  const required = (field: string) => {
    const value = fields.get(field);
    if (!value) throw new Error(`${name}: "${field}" is missing in the front matter`);
    return value;
  };
  return {
    title: required("title"),
    url: required("url"),
    about: required("about"),
    names: splitList(fields.get("names")),
    keywords: fields.get("keywords") ?? "",
    sections: splitSections(body),
  };
}

function parseFrontMatter(text: string): Map<string, string> {
  const lines = text.split("\n").map((line) => /^(\w+):\s*(.*)$/.exec(line));
  return new Map(lines.flatMap((match) => (match?.[1] ? [[match[1], match[2] ?? ""]] : [])));
}

function splitList(text = ""): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);
}

/** Formatters pad tables to columns: blanks that nobody should wait for, or pay a model for. */
function compactTables(markdown: string): string {
  return markdown.replace(/^\|.*$/gm, (row) => row.replace(/ {2,}/g, " ").replace(/-{3,}/g, "---"));
}

/** Cuts Markdown at its `##` headings. */
export function splitSections(body: string): Section[] {
  return compactTables(body)
    .split(/^## /m)
    .map((part, index) => {
      const end = index === 0 ? 0 : part.indexOf("\n");
      return { heading: part.slice(0, end).trim(), markdown: part.slice(end).trim() };
    })
    .filter(({ markdown }) => markdown !== "");
}
