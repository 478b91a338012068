import type { Article } from "./articles.ts";
import type { Hit, Knowledge } from "./knowledge.ts";

/** What a question asks for, once the conversation before it is understood. */
export type Reading = {
  /** The question, with its topic where it left that out. */
  query: string;
  /** The words to search. */
  terms: string[];
  /** The sections to answer from, best first; empty when the articles don't know. */
  hits: Hit[];
  /** What a following "and how much is it?" would speak of. */
  topic: Article | undefined;
};

/** Below this share of known words an answer would be a guess. Tuned on agent-questions.test.ts. */
const MIN_COVERAGE = 0.58;

/** Reads the last question in the light of those before it. */
export function readQuestion(knowledge: Knowledge, questions: string[]): Reading {
  const nothing: Reading = { query: "", terms: [], hits: [], topic: undefined };
  return questions.reduce((before, question) => readNext(knowledge, question, before), nothing);
}

function readNext(knowledge: Knowledge, question: string, before: Reading): Reading {
  const terms = knowledge.terms(question);
  const named = knowledge.named(question);
  for (const { accepts, ...attempt } of listAttempts(knowledge, {
    question,
    terms,
    named,
    before,
  })) {
    const hits = selectHits(knowledge, attempt.terms, accepts);
    if (hits.length > 0) return { hits, ...attempt, topic: attempt.topic ?? hits[0]?.article };
  }
  return { query: question, terms, hits: [], topic: named ?? before.topic };
}

type Question = {
  question: string;
  terms: string[];
  named: Article | undefined;
  before: Reading;
};

/** The readings of a question that make sense, the likeliest first. */
function listAttempts(knowledge: Knowledge, { question, terms, named, before }: Question) {
  const { topic } = before;
  const only = (kept: Article) => (article: Article) => article === kept;
  const asIs = { query: question, terms, topic: named, accepts: () => true };
  if (!topic || !refersBack(question)) return [asIs];
  if (!named) {
    const query = `${question} (${topic.title})`;
    const wanted = terms.length > 0 ? terms : before.terms;
    return [
      { query, terms: wanted, topic, accepts: only(topic) },
      // "it" is the topic: what another thing weighs is no answer. "them" may be several.
      PLURAL.test(question)
        ? asIs
        : { ...asIs, accepts: ({ names }: Article) => names.length === 0 },
    ];
  }
  if (named === topic || !isElliptical(question)) return [asIs];
  // "and the kettle?" asks of another thing what was asked before.
  const old = new Set(topic.names.flatMap((name) => knowledge.terms(name)));
  const asked = [...terms, ...before.terms.filter((term) => !old.has(term))];
  return [
    { query: question, terms: asked, topic: named, accepts: only(named) },
    { ...asIs, terms: asked },
    asIs,
  ];
}

/**
 * The best section, and a second one for words of the question that the first does not know. None
 * when too little of the question is known.
 */
function selectHits(
  knowledge: Knowledge,
  terms: string[],
  accepts: (article: Article) => boolean,
): Hit[] {
  const [best, ...others] = knowledge.search(terms, accepts);
  if (!best) return [];
  const introduction = knowledge.introduce(terms);
  if (introduction.length > 0) return introduction;
  const isKnown = (hits: Hit[]) => knowledge.coverage(terms, hits) >= MIN_COVERAGE;
  const known = new Set(best.terms);
  const second = others.find(
    (hit) =>
      hit.score >= best.score / 3 &&
      hit.terms.some((term) => !known.has(term)) &&
      // Half of another question, or the same asked of another thing; not just a word in common.
      (!isKnown([best]) || hit.terms.some((term) => known.has(term))),
  );
  const hits = second ? [best, second] : withContinuation(best);
  return isKnown(hits) ? hits : [];
}

/** An introduction says little by itself. */
function withContinuation(hit: Hit): Hit[] {
  const [introduction, section] = hit.article.sections;
  return hit.section === introduction && section && introduction.heading === ""
    ? [hit, { ...hit, section }]
    : [hit];
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
