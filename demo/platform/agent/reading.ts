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
  const named = knowledge.named(question);
  const terms = knowledge.terms(question);
  const { topic } = before;
  const read = (terms: string[], topic?: Article, within?: Article): Reading => {
    const hits = selectHits(terms, knowledge.search(terms, within));
    const known = knowledge.coverage(terms, hits) >= MIN_COVERAGE;
    const query = within && !named ? `${question} (${within.title})` : question;
    return { query, terms, hits: known ? hits : [], topic: topic ?? hits[0]?.article };
  };
  if (topic && refersBack(question)) {
    // "and the kettle?" asks of another thing what was asked before.
    if (named && named !== topic && isElliptical(question)) {
      const asked = before.terms.filter(
        (term) => !knowledge.terms(topic.names[0] ?? "").includes(term),
      );
      const moved = read([...terms, ...asked], named, named);
      if (moved.hits.length > 0) return moved;
    }
    if (!named) {
      const wanted = terms.length > 0 ? terms : before.terms;
      const followed = read(wanted, topic, topic);
      if (followed.hits.length > 0) return followed;
    }
  }
  const reading = read(terms, named);
  return reading.hits.length > 0 ? reading : { ...reading, topic };
}

/** The best section, and a second one when it knows words of the question that the first does not. */
function selectHits(terms: string[], found: Hit[]): Hit[] {
  const [best, ...others] = found;
  if (!best) return [];
  const missing = new Set(terms.filter((term) => !best.terms.includes(term)));
  const second = others.find(
    (hit) => hit.score >= best.score / 3 && hit.terms.some((term) => missing.has(term)),
  );
  return second ? [best, second] : [best];
}

/** "and how much is it?", "what about express?", "does it come in black?" */
function refersBack(question: string): boolean {
  return isElliptical(question) || PRONOUN.test(question);
}

function isElliptical(question: string): boolean {
  return ELLIPSIS.test(question.trim()) || question.trim().split(/\s+/).length <= 2;
}

const PRONOUN = /\b(?:it|its|it's|that|this|they|them|their|those|these|there|one|ones)\b/i;
const ELLIPSIS = /^(?:and|or|but|also|what about|how about|what if|what of)\b/i;
