import { toArticleName } from "../../storage/articles.ts";

/** The titles that a topic may mean: the one that it is, or else those that have all its words. */
export function matchTitles(topic: string, titles: string[]): string[] {
  const name = toArticleName(topic);
  const same = titles.filter((title) => toArticleName(title) === name);
  if (same.length > 0) return same;
  const words = toWords(name);
  if (words.length === 0) return [];
  const holding = titles.filter((title) => includesAll(toWords(toArticleName(title)), words));
  if (holding.length > 0) return holding;
  // "our shipping costs" means "Shipping".
  return titles.filter((title) => includesAll(words, toWords(toArticleName(title))));
}

/** The titles whose words all stand in a text: "we no longer do gift cards, remove that article". */
export function findTitles(text: string, titles: string[]): string[] {
  const words = toWords(toArticleName(text));
  return titles.filter((title) => includesAll(words, toWords(toArticleName(title))));
}

const EMPTY = new Set(
  "a about an and article entry faq for in of on one or our page that the to your".split(" "),
);

/** The telling words of a name, without endings of the plural. */
export function toWords(name: string): string[] {
  return name
    .split(" ")
    .filter((word) => word !== "" && !EMPTY.has(word))
    .map((word) => word.replace(/ies$/, "y").replace(/(?<=\w{2}[^s])s$/, ""));
}

function includesAll(words: string[], wanted: string[]): boolean {
  return wanted.length > 0 && wanted.every((word) => words.includes(word));
}
