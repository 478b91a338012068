/** A number and what it counts: `money`, `%`, or a unit such as `kg` or `day`. */
export type Amount = { value: number; unit: string };

/** A bound that an amount of the same unit has to pass: "over $100", "at least 20%". */
export type Bound = Amount & { passes: (value: number) => boolean };

const CURRENCY = "usd|eur|gbp|euros?|dollars?|bucks|pounds?|quid";
const UNITS =
  "days?|weeks?|months?|years?|hours?|minutes?|items?|pieces?|bags?|boxes|box|cups?|people|persons?|guests?|times|kg|kilos?|g|km|am|pm";
const AMOUNT = new RegExp(
  `(?<before>[$€£¥]|\\b(?:${CURRENCY})\\s)?\\s?(?<!\\w)(?<number>\\d[\\d.,]*\\d|\\d)(?<thousand>k\\b)?(?:\\s?(?<percent>%|per ?cent\\b)|\\s?(?<after>[€$£¥]|(?:${CURRENCY})\\b)|\\s?(?<counted>(?:${UNITS})\\b|°|[-:/]))?`,
  "g",
);
/** A number alone is money in "a refund of 150", not in "order 4711". */
const IS_MONEY =
  /\b(?:of|over|about|around|worth|than|for|paid|back|least|exceeding|above|below|under)\s*$/;

const COMPARISONS: { says: RegExp; passes: (value: number, bound: number) => boolean }[] = [
  {
    says: /\b(?:at least|from|minimum(?: of)?)\s*$/,
    passes: (value, bound) => value >= bound,
  },
  {
    says: /\b(?:under|below|less than|smaller than|fewer than|up to|at most)\s*$/,
    passes: (value, bound) => value < bound,
  },
  {
    says: /\b(?:over|above|(?:more|greater|higher|larger|bigger|longer) than|exceed(?:s|ing)?|beyond)\s*$|>\s*$/,
    passes: (value, bound) => value > bound,
  },
];

/** The amounts of a text in lower case. */
export function findAmounts(text: string): Amount[] {
  return listAmounts(text);
}

/** The first bound of a rule in lower case, and the rule without it; undefined when it has none. */
export function findBound(rule: string): { bound: Bound; rest: string } | undefined {
  for (const { value, unit, index, end } of listAmounts(rule)) {
    const before = rule.slice(0, index);
    const comparison = COMPARISONS.find(({ says }) => says.test(before));
    if (!comparison) continue;
    const rest = `${before.replace(comparison.says, "")} ${rule.slice(end)}`;
    return { bound: { value, unit, passes: (one) => comparison.passes(one, value) }, rest };
  }
  return undefined;
}

type Found = Amount & { index: number; end: number };

function listAmounts(text: string): Found[] {
  return [...text.matchAll(AMOUNT)].flatMap((match) => {
    const { number = "", thousand } = match.groups ?? {};
    const unit = unitOf(match, text);
    if (unit === undefined) return [];
    const value = toNumber(number) * (thousand ? 1000 : 1);
    return [{ value, unit, index: match.index, end: match.index + match[0].length }];
  });
}

function unitOf({ groups, index }: RegExpExecArray, text: string): string | undefined {
  const { before, after, percent, counted } = groups ?? {};
  if (before !== undefined || after !== undefined) return "money";
  if (percent !== undefined) return "%";
  if (counted !== undefined) return counted.replace(/(?<=\w{3})s$/, "");
  return IS_MONEY.test(text.slice(0, index)) ? "money" : undefined;
}

/** "1,250.50", "1.250,50" and "12,5": the last sign cuts off decimals if one or two follow it. */
function toNumber(text: string): number {
  const [, whole = text, decimals = "0"] = /^(.*)[.,](\d{1,2})$/.exec(text) ?? [];
  return Number(`${whole.replace(/\D/g, "")}.${decimals}`);
}
