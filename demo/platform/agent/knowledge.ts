import MiniSearch from "minisearch";
import type { Article, Section } from "./articles.ts";
import { toTerm, toTerms } from "./words.ts";

/** A section that matched. `terms` are the words of the query that it has. */
export type Hit = { article: Article; section: Section; score: number; terms: string[] };

/** The articles, searchable by section. */
export type Knowledge = {
  /** The words of a text that count, with every name of a thing replaced by its first one. */
  terms(text: string): string[];
  /** Best first, from the articles that `accepts` lets through. */
  search(terms: string[], accepts?: (article: Article) => boolean): Hit[];
  /** The beginning of the article whose name is all that a question says. */
  introduce(terms: string[]): Hit[];
  /** How much of the query the hits have together, 0–1: rare words weigh more than common ones. */
  coverage(terms: string[], hits: Hit[]): number;
  /** The article whose name the text says, if any; the longest name wins. */
  named(text: string): Article | undefined;
};

/** What a question is about stands at its beginning; a book as a question would block the process. */
const MAX_QUESTION_CHARACTERS = 1000;

type Entry = {
  id: number;
  title: string;
  heading: string;
  keywords: string;
  text: string;
};

/** Indexes the articles in memory; some milliseconds for a shop's help pages. */
export function createKnowledge(articles: Article[]): Knowledge {
  const sections = articles.flatMap((article) =>
    article.sections.map((section) => ({ article, section })),
  );
  const names = createNames(articles);
  const entries = sections.map(({ article, section }, id) => ({
    id,
    title: names.unify(article.title),
    heading: names.unify(section.heading),
    keywords: names.unify(`${article.names.join(", ")}, ${article.keywords}`),
    text: names.unify(section.markdown),
  }));
  const index = createIndex((id) => sections[Number(id)]?.article.weight ?? 1);
  index.addAll(entries);
  const weigh = createWeights(entries);

  return {
    terms: (text) => toTerms(names.unify(text.slice(0, MAX_QUESTION_CHARACTERS))),

    search: (terms, accepts = () => true) =>
      index.search(terms.join(" ")).flatMap(({ id, score, queryTerms }) => {
        const found = sections[id];
        return found && accepts(found.article) ? [{ ...found, score, terms: queryTerms }] : [];
      }),

    introduce: (terms) =>
      sections
        .filter(({ article }) => hasIntroduction(article) && isSameSet(firstName(article), terms))
        .slice(0, 2)
        .map(({ article, section }) => ({ article, section, score: 0, terms })),

    coverage: (terms, hits) => {
      const found = new Set(hits.flatMap((hit) => hit.terms));
      const distinct = [...new Set(terms)];
      const total = sum(distinct.map(weigh));
      return total === 0 ? 0 : sum(distinct.filter((term) => found.has(term)).map(weigh)) / total;
    },

    named: names.find,
  };
}

function createIndex(weightOf: (id: unknown) => number): MiniSearch<Entry> {
  return new MiniSearch<Entry>({
    fields: ["title", "heading", "keywords", "text"],
    processTerm: toTerm,
    searchOptions: {
      // A query comes as terms already: stemming them again would change them.
      tokenize: (query) => query.split(" "),
      processTerm: (term) => term,
      boost: { title: 1.5, heading: 3, keywords: 1.5 },
      // Short words have too many neighbours: "tea" is one letter from "ten".
      fuzzy: (term) => (term.length > 5 ? 0.2 : false),
      prefix: (term) => term.length > 3,
      weights: { fuzzy: 0.35, prefix: 0.5 },
      boostDocument: weightOf,
    },
  });
}

/** Things have several names ("hand grinder", "Marlow One"): the index knows them by one. */
function createNames(articles: Article[]) {
  const names = articles
    .flatMap((article) => article.names.map((name) => ({ article, name })))
    .sort((one, other) => other.name.length - one.name.length)
    .map(({ article, name }) => ({
      article,
      name: article.names[0] ?? name,
      pattern: new RegExp(`\\b${name.replaceAll("-", "[- ]")}s?\\b`, "gi"),
    }));
  return {
    unify: (text: string) =>
      names.reduce((unified, { name, pattern }) => unified.replace(pattern, name), text),
    find: (text: string) => names.find(({ pattern }) => text.search(pattern) >= 0)?.article,
  };
}

/** Inverse document frequency; a word that no article has weighs most. */
function createWeights(entries: Entry[]): (term: string) => number {
  const counts = new Map<string, number>();
  for (const { id: _, ...fields } of entries) {
    for (const term of new Set(toTerms(Object.values(fields).join(" ")))) {
      counts.set(term, (counts.get(term) ?? 0) + 1);
    }
  }
  return (term) => Math.log(1 + entries.length / (1 + (counts.get(term) ?? 0)));
}

function hasIntroduction({ sections }: Article): boolean {
  return sections[0]?.heading === "";
}

function firstName({ names }: Article): string[] {
  return toTerms(names[0] ?? "");
}

function isSameSet(one: string[], other: string[]): boolean {
  if (one.length === 0) return false;
  return one.every((term) => other.includes(term)) && other.every((term) => one.includes(term));
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
