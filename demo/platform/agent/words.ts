/** The words of a question that say what it is about, as the search index stores them. */
export function toTerms(text: string): string[] {
  return (
    text
      // In capitals it is a country, otherwise a pronoun.
      .replace(/\bUS\b/g, "usa")
      .toLowerCase()
      .replaceAll("’", "'")
      .replace(/\bnext[- ]day\b/g, " express ")
      .replace(OPENING_HOURS, " open ")
      .replace(WEIGHT_QUESTION, " weight ")
      .replace(PRICE_QUESTION, " price ")
      .split(/[^\p{L}\p{N}°€%]+/u)
      .flatMap((word) => toTerm(word) ?? [])
  );
}

/** The indexed form of one word, or null for a word that says nothing. */
export function toTerm(word: string): string | null {
  const lower = word.toLowerCase();
  if (lower === "" || STOP_WORDS.has(lower)) return null;
  const stem = toStem(lower);
  return SYNONYMS.get(stem) ?? stem;
}

/** Cuts plural and verb endings, so that "ships", "shipped" and "shipping" are one word. */
function toStem(word: string): string {
  if (word.length < 5 && !word.endsWith("s")) return word;
  const stem = word
    .replace(/(?<=\w{3})ies$/, "y")
    .replace(/(?<=(?:ch|sh|ss|x|z))es$/, "")
    .replace(/(?<=\w{2}[^su])s$/, "")
    .replace(/(?<=\w{3})(?:ing|ed)$/, "");
  return stem.replace(/([bdgmnpt])\1$/, "$1").replace(/(?<=\w{3})e$/, "");
}

/** "hours" alone says nothing: most of them are how long something takes. */
const OPENING_HOURS = /\b(?:your|business|office|working|shop|store) hours\b/g;
const WEIGHT_QUESTION = /\bhow much (?:does|do|will)\b(?=.*\bweigh\b)/g;
const PRICE_QUESTION = /\bhow much (?:is|are|does|do|would|for|will)\b|\bhow expensive\b/g;

const SYNONYM_GROUPS = [
  ["pay", "payment", "paid"],
  ["price", "cost", "expensive", "cheap", "pricing"],
  ["shipping", "delivery", "deliver", "ship", "postage"],
  ["colour", "color"],
  ["warranty", "guarantee", "guaranteed"],
  ["repair", "fix", "mend"],
  ["cup", "mug"],
  ["uk", "london", "britain", "england", "scotland"],
  ["usa", "us", "america"],
  ["netherlands", "holland", "dutch"],
  ["espresso", "expresso"],
  ["decaf", "decaffeinated"],
  ["refund", "reimburse"],
  ["weight", "heavy"],
  ["open", "hours"],
  ["temperature", "hot", "warm"],
  ["present", "gift"],
];

const SYNONYMS = new Map(
  SYNONYM_GROUPS.flatMap((group) => {
    const [main = "", ...others] = group.map(toStem);
    return others.map((word): [string, string] => [word, main]);
  }),
);

const STOP_WORDS = new Set(
  `a able about actually after again all also always am an and another any anybody anyone anything are
  aren arent as ask at away be because been before being best better between both but by came can can't
  cannot come comes could course d did didn do does doesn doing don done each either else ever every far
  few find first for from further gave get gets getting give go goes going good got great had happen
  happens has have haven having he hello help her here hey hi him his how however i i'd i'm i've if im in
  information into is isn it its itself just kind know last later least less let like little ll long look
  looking lot m made make makes many may maybe me mean might more most much must my myself near need
  needs never new next no not nothing now of off offer often oh ok okay on once one ones only or other
  our ours out over own people per perhaps please possible put question quick quickly quite rather re
  really right s said same say see seem sell sells set shall she should show since so some somebody
  someone something soon sort still such sure t take takes tell than thank thanks that the their them
  then there these they thing things think this those though through till time to today told
  tomorrow too try two under until up upon us use used using ve very via want wanted wants was way we
  week well went were what whats when where whether which while who whole whom whose why will wish with
  within without won wonder wondering would yes yesterday yet you your yours yourself bought buy buying
  purchase purchased long possible available exactly explain
  safe times stuff wonderful
  accept accepts allowed become becoming based fast faster hasn hadn method methods option options policy problem problems
  rule rules suitable day days year years month months hour hours minute minutes`.split(/\s+/),
);
