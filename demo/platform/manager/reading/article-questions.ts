import type { Finding, Question, Situation } from "./reading.ts";
import { splitTitle } from "./title.ts";
import { capitalise, toValue, type Text } from "./text.ts";
import { matchTitles } from "./topics.ts";

/** More titles than this are not read out. */
const MAX_LISTED = 12;

export function askForTitle(content: string | undefined): Question {
  return {
    about: "title",
    text: content
      ? "What should that article be called?"
      : "What should the article be about, and what should it say?",
    isOpen: true,
    answer: (reply) => {
      const given = content ? {} : splitTitle(reply);
      const title = given.title ?? capitalise(toValue(reply).replace(/[.!?\s]+$/, ""));
      const text = content ?? (given.title && given.content && toValue(given.content));
      if (!title || title.length > 120) return undefined;
      return text
        ? { action: { name: "add_article", title, content: text } }
        : { question: askForContent("add_article", title) };
    },
  };
}

export function askForContent(name: "add_article" | "update_article", title: string): Question {
  return {
    about: "content",
    text:
      name === "add_article"
        ? `What should the article “${title}” say?`
        : `What should the article “${title}” say from now on?`,
    isOpen: true,
    answer: (reply) => ({ action: { name, title, content: toContent(reply) } }),
  };
}

/** "It should say: …" */
function toContent(reply: Text): string {
  const content = toValue(reply);
  return content.replace(/^(?:it should say|say|content|text)\s*:\s*/i, "");
}

export type ArticleSearch = {
  /** What was asked for, if anything. */
  wanted: string | undefined;
  matches: string[];
  situation: Situation;
  proceed: (title: string) => Finding;
};

export function askForArticle(operation: string, search: ArticleSearch): Question {
  const { wanted, matches, situation, proceed } = search;
  const among = matches.length > 0 ? matches : situation.articles;
  return {
    about: "article",
    text: `${toProblem(wanted, matches)}Which article do you want to ${operation}? ${listTitles(among)}`,
    isOpen: false,
    answer: (reply) => {
      const [only, ...others] = matchTitles(toValue(reply).replace(/[.!?]+$/, ""), among);
      return only && others.length === 0 ? proceed(only) : undefined;
    },
  };
}

function toProblem(wanted: string | undefined, matches: string[]): string {
  if (!wanted) return "";
  return matches.length > 0
    ? `Several articles could be “${wanted}”. `
    : `I have no article about “${wanted}”. `;
}

function listTitles(titles: string[]): string {
  if (titles.length === 0) return "There is none yet.";
  const more = titles.length > MAX_LISTED ? `, and ${titles.length - MAX_LISTED} more` : "";
  return `There are: ${titles.slice(0, MAX_LISTED).join(", ")}${more}.`;
}
