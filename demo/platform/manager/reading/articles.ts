import type { Action } from "../actions.ts";
import type { Clause } from "./clauses.ts";
import { askForArticle, askForContent, askForTitle } from "./article-questions.ts";
import type { Finding, Reader, Reading, Situation } from "./reading.ts";
import { capitalise, cut, find, toText, toValue, type Text } from "./text.ts";
import { splitTitle } from "./title.ts";
import { findTitles, matchTitles } from "./topics.ts";

const NOUN = /\b(?:articles?|entry|entries|faqs?|knowledge(?: base)?|help (?:page|doc)s?)\b/;

const OTHER = /\b(?:rules?|colou?r|heading|name|context)\b/;

type Operation = "list" | "archive" | "update" | "add" | "show";

/** What an article is to undergo; the first that matches. */
const OPERATIONS: { operation: Operation; says: RegExp }[] = [
  {
    operation: "show",
    says: /^(?:show|read|open|display|what does|what's in|what is in)\b.*\b(?:the|our) (?!knowledge|article)\S.* (?:article|entry)\b|^(?:show|read|open|display)\b.*\b(?:article|entry) (?:about|on)\b/,
  },
  {
    operation: "list",
    says: /^(?:list|show|see|display|which|what|what's|how many|do we have|is there|are there|give me|tell me|overview)\b/,
  },
  {
    operation: "archive",
    says: /\b(?:archive|delete|remove|drop|retire|unpublish|hide|discard|get rid of|throw (?:out|away)|take (?:down|off|offline)|take\b.*\b(?:down|off|offline|out))\b/,
  },
  {
    operation: "update",
    says: /\bshould(?: now)? (?:say|read)\b|\b(?:update|change|edit|replace|rewrite|revise|correct|amend|overwrite|modify|fix|out of date|outdated)\b/,
  },
  {
    operation: "add",
    says: /^(?:\S+ )?(?:add|create|write|make|new|publish|save|store|put|include|draft|insert|have|article|faq)\b/,
  },
];

/** What the text of an article stands behind. */
const MARKERS = [
  ':(?=\\s|"|$)',
  "\\s[-–—](?=\\s)",
  "\\b(?:that|which) (?:says|reads|states|explains that)\\b:?",
  "\\bsaying(?: that)?\\b:?",
  "\\b(?:to|should|must)(?: now)? (?:say|read)\\b:?",
  "\\bwith (?:the |this )?(?:following )?(?:text|content|body|wording)\\b:?",
  // "replace the content of X with …"
  "(?<=\\b(?:replace|overwrite|swap)\\b.*)\\b(?:with|by)\\b:?",
];
const MARKER = new RegExp(MARKERS.join("|"));
const LATER_CONTENT =
  /^[.!\s]*(?:the\s+)?(?:content|text|body|it (?:should )?says?)\s*:\s*(?<payload>[^]+)/d;

const CATEGORY =
  /[,(]?\s*\b(?:(?:in|under|for)\s+)?(?:the\s+)?category[:\s]\s*(?<category>[^,:)]+)\)?/d;
const TITLE_WORD = "(?:titled|entitled|called|named|with the title|title)";

/** Where the topic stands in what comes before the text; the first that matches. */
const TOPICS = [
  new RegExp(`\\b${TITLE_WORD}\\s*:?\\s+(?<topic>.+)$`, "d"),
  /(?<topic>"▪+")/d,
  /\b(?<topic>how to .+)$/d,
  /\b(?:article|entry|faq|page|one|knowledge|something)s?\s+(?:(?:to|for|in) the knowledge base\s+)?(?:about|on|for|regarding|concerning|covering)\s+(?<topic>.+)$/d,
  /\b(?:the|our|this|my|an?)\s+(?<topic>(?!new\b|knowledge\b|article|entry|faq|help\b|content of).+?)\s+(?:knowledge(?: base)?\s+)?(?:article|entry|faq|page)\b/d,
  /\b(?:the|our)\s+(?<topic>(?!knowledge|content).+?)\s+(?:from|in|of)\s+(?:the|our)\s+knowledge base/d,
];

/** Adds, updates, archives, lists and shows knowledge articles. */
export const readArticles: Reader = (clause, situation) => {
  const { head, marker, payload, length } = splitHead(clause);
  const asked = `${head.plain} ${marker}`;
  const operation = OPERATIONS.find(({ says }) => says.test(asked))?.operation;
  if (!operation) return undefined;
  const read = { head, payload, situation };
  if (!NOUN.test(head.plain) && !isNamed(operation, read)) return undefined;
  if (operation === "list") return { finding: { action: { name: "list_articles" } } };
  if (operation === "add") return payload ? { finding: readAddition(read), length } : toOpen(read);
  const finding = aboutKnown(operation, topicOf(head), read);
  return operation === "update" ? { finding, length } : { finding };
};

/** "archive gift cards" needs no word more when there is such an article. */
function isNamed(operation: Operation, { head, payload, situation }: Read): boolean {
  const takes = operation === "archive" || (operation === "update" && payload !== undefined);
  return (
    takes && !OTHER.test(head.plain) && findTitles(head.plain, situation.articles).length === 1
  );
}

/** An article whose text may follow in sentences of its own. */
function toOpen({ head, situation }: Read, payload?: Text): Reading {
  return {
    finding: readAddition({ head, payload, situation }),
    grow: (next) =>
      toOpen({ head, payload, situation }, payload ? join(payload, next.text) : next.text),
  };
}

function join(one: Text, other: Text): Text {
  return toText(`${one.raw} ${other.raw}`);
}

type Split = { head: Text; marker: string; payload?: Text; length: number };
type Read = { head: Text; payload: Text | undefined; situation: Situation };

function splitHead({ text, rest }: Clause): Split {
  const marker = MARKER.exec(text.plain);
  if (marker) return toSplit(rest, marker.index, marker[0]);
  const later = find(cut(rest, text.plain.length), LATER_CONTENT)?.["payload"];
  if (!later) return { head: text, marker: "", length: text.plain.length };
  const gap = rest.plain.slice(text.plain.length, rest.plain.length - later.plain.length);
  return toSplit(rest, text.plain.length, gap);
}

/** A text is everything that follows, but what is quoted ends with its quotes. */
function toSplit(rest: Text, end: number, marker: string): Split {
  const start = end + marker.length;
  const payload = cut(rest, start);
  const indent = rest.plain.length - start - payload.plain.length;
  const quoted = /^"▪+"/.exec(payload.plain)?.[0].length;
  const length = quoted === undefined ? rest.plain.length : start + indent + quoted;
  return { head: cut(rest, 0, end), marker, payload, length };
}

function topicOf(head: Text): Text | undefined {
  const category = CATEGORY.exec(head.plain);
  const bare = category ? cut(head, 0, category.index) : head;
  for (const pattern of TOPICS) {
    const topic = find(bare, pattern)?.["topic"];
    if (topic) return topic;
  }
  return undefined;
}

/** "pricing, we don't need it any more" and "parking to the knowledge base" say a topic, and more. */
function toTitle(topic: Text): string {
  const more =
    /\s*(?:,\s*(?:we|it|they|because|since|as|please)\b.*|\s(?:to|in|from) (?:the|our) knowledge base.*|\s+(?:article|entry))$/.exec(
      topic.plain,
    );
  const value = toValue(more ? cut(topic, 0, more.index) : topic);
  return capitalise(value.replace(/[.?!,:;\s]+$/, ""));
}

function readAddition({ head, payload, situation }: Read): Finding {
  const topic = topicOf(head);
  const titled = topic ? { title: toTitle(topic), content: payload } : splitTitle(payload);
  const { title } = titled;
  const content = titled.content && capitalise(toValue(titled.content));
  if (!title) return { question: askForTitle(content) };
  if (!content) return { question: askForContent("add_article", title) };
  const category = find(head, CATEGORY)?.["category"];
  const action: Action = { name: "add_article", title, content };
  if (category) action.category = capitalise(toValue(category));
  return { action: sameTitle(action, situation) };
}

/** A title that is there already keeps its spelling. */
function sameTitle<Kind extends { title: string }>(action: Kind, { articles }: Situation): Kind {
  const [known, ...others] = matchTitles(action.title, articles);
  const isSame = known?.toLowerCase() === action.title.toLowerCase() && others.length === 0;
  return isSame && known ? { ...action, title: known } : action;
}

function aboutKnown(
  operation: "archive" | "update" | "show",
  topic: Text | undefined,
  { head, payload, situation }: Read,
): Finding {
  const content = payload && capitalise(toValue(payload));
  const proceed = (title: string): Finding => {
    if (operation === "archive") return { action: { name: "archive_article", title } };
    if (operation === "show") return { action: { name: "show_article", title } };
    return content
      ? { action: { name: "update_article", title, content } }
      : { question: askForContent("update_article", title) };
  };
  const wanted = topic && toTitle(topic);
  const matches = wanted
    ? matchTitles(wanted, situation.articles)
    : findTitles(head.plain, situation.articles);
  const [only, ...others] = matches;
  if (only && others.length === 0) return proceed(only);
  return { question: askForArticle(operation, { wanted, matches, situation, proceed }) };
}
