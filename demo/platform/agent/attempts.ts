import type { Article } from "./articles.ts";
import type { Knowledge } from "./knowledge.ts";

/** One way to understand a question: what to search, where, and what it would be about. */
export type Attempt = {
  /** The question, with its topic where it left that out. */
  query: string;
  terms: string[];
  topic: Article | undefined;
  accepts: (article: Article) => boolean;
};

/** A question, and what the one before it came to. */
export type Situation = {
  question: string;
  terms: string[];
  /** The thing that the question names. */
  named: Article | undefined;
  before: { terms: string[]; topic: Article | undefined };
};

/** So many times better must another article match before a follow-up leaves its topic for it. */
const MENTIONED_IN_PASSING = 4;

/** The ways to understand a question that make sense, the likeliest first. */
export function listAttempts(knowledge: Knowledge, situation: Situation): Attempt[] {
  const { question, terms, named, before } = situation;
  const asIs: Attempt = { query: question, terms, topic: named, accepts: () => true };
  if (!before.topic || !refersBack(question)) return [asIs];
  if (!named) return goOn(knowledge, before.topic, asIs, before.terms);
  const isMove = named !== before.topic && isElliptical(question);
  return isMove ? [...moveTo(knowledge, named, asIs, situation), asIs] : [asIs];
}

/** "and how much is it?" asks of the topic, unless another article knows far more of it. */
function goOn(
  knowledge: Knowledge,
  topic: Article,
  asIs: Attempt,
  termsBefore: string[],
): Attempt[] {
  const here: Attempt = {
    query: `${asIs.query} (${topic.title})`,
    terms: asIs.terms.length > 0 ? asIs.terms : termsBefore,
    topic,
    accepts: (article) => article === topic,
  };
  // "it" is the topic: what another thing weighs is no answer. "them" may be several.
  const elsewhere: Attempt = PLURAL.test(asIs.query)
    ? asIs
    : { ...asIs, accepts: ({ names }) => names.length === 0 };
  const score = ({ terms, accepts }: Attempt) => knowledge.search(terms, accepts)[0]?.score ?? 0;
  const isInPassing = score(elsewhere) > MENTIONED_IN_PASSING * score(here);
  return isInPassing ? [elsewhere, here] : [here, elsewhere];
}

/** "and the kettle?" asks of another thing what was asked before. */
function moveTo(
  knowledge: Knowledge,
  named: Article,
  asIs: Attempt,
  { before }: Situation,
): Attempt[] {
  const old = new Set(before.topic?.names.flatMap((name) => knowledge.terms(name)));
  const terms = [...asIs.terms, ...before.terms.filter((term) => !old.has(term))];
  return [
    { ...asIs, terms, accepts: (article) => article === named },
    { ...asIs, terms },
  ];
}

/** "and how much is it?", "what about express?", "does it come in black?" */
function refersBack(question: string): boolean {
  return isElliptical(question) || PRONOUN.test(question);
}

function isElliptical(question: string): boolean {
  return ELLIPSIS.test(question.trim()) || question.trim().split(/\s+/).length <= 2;
}

const PRONOUN = /\b(?:it|its|it's|that|this|they|them|their|those|these|there|one|ones)\b/i;
const PLURAL = /\b(?:they|them|their|those|these)\b/i;
const ELLIPSIS = /^(?:and|or|but|also|what about|how about|what if|what of)\b/i;
