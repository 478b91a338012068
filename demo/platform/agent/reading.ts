import type { Article } from "./articles.ts";
import { listAttempts } from "./attempts.ts";
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
  const attempts = listAttempts(knowledge, { question, terms, named, before });
  for (const { query, terms, topic, accepts } of attempts) {
    const hits = selectHits(knowledge, terms, accepts);
    if (hits.length > 0) return { query, terms, hits, topic: topic ?? hits[0]?.article };
  }
  return { query: question, terms, hits: [], topic: named ?? before.topic };
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
  const introduction = knowledge.introduce(terms).filter(({ article }) => accepts(article));
  if (introduction.length > 0) return introduction;
  const [best, ...others] = knowledge.search(terms, accepts);
  if (!best) return [];
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
