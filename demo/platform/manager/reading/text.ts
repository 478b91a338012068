import { correctSpelling } from "./spelling.ts";

/**
 * A piece of a message. `plain` is what patterns look at: lower case, straight apostrophes, known
 * words spelled right, and quoted words hidden behind `▪`, so that nothing in them is taken for a
 * command. `origin[i]` is where `plain[i]` stands in `raw`.
 */
export type Text = { raw: string; plain: string; origin: number[] };

const QUOTED = [
  /"([^"]+)"/g,
  /[“„]([^“”]+)[”“]/g,
  /«([^»]+)»/g,
  /`([^`]+)`/g,
  // An apostrophe within words is no quote.
  /(?<=^|[\s(:=,>-])['‘’](.+?)['’](?=$|[\s.,;:!?)])/g,
];

export function toText(raw: string): Text {
  const lower = raw.replace(/\p{Lu}/gu, (letter) =>
    // Few letters (İ) become two.
    letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter,
  );
  const hidden = QUOTED.reduce((text, pattern) => text.replace(pattern, hide), lower);
  return { raw, ...correctSpelling(hidden.replaceAll("’", "'")) };
}

function hide(quoted: string): string {
  return `"${"▪".repeat(quoted.length - 2)}"`;
}

/** The piece between two positions of `plain`, without blanks around it. */
export function cut(text: Text, from: number, to = text.plain.length): Text {
  const piece = text.plain.slice(from, to);
  const start = from + piece.length - piece.trimStart().length;
  const end = Math.max(start, to - (piece.length - piece.trimEnd().length));
  const first = text.origin[start] ?? text.raw.length;
  const last = text.origin[end] ?? text.raw.length;
  return {
    raw: text.raw.slice(first, last),
    plain: text.plain.slice(start, end),
    origin: text.origin.slice(start, end + 1).map((position) => position - first),
  };
}

/** What the named groups of a pattern (it needs the flag `d`) found, as pieces. */
export function find(text: Text, pattern: RegExp): Record<string, Text> | undefined {
  const groups = pattern.exec(text.plain)?.indices?.groups;
  if (!groups) return undefined;
  const found = Object.entries(groups).filter(([, range]) => range !== undefined);
  return Object.fromEntries(found.map(([name, [from, to]]) => [name, cut(text, from, to)]));
}

/** The words between the quotes that a piece begins with. */
export function quotedIn(text: Text): string | undefined {
  const range = /"▪+"/.exec(text.plain);
  if (!range) return undefined;
  return cut(text, range.index + 1, range.index + range[0].length - 1).raw.trim();
}

/** A piece as a value: what is quoted in it, else what stands there, without a bow at its end. */
export function toValue(text: Text): string {
  const isQuoted = /^"▪+"/.test(text.plain);
  const value = isQuoted ? quotedIn(text) : cut(text, 0, endOfValue(text.plain)).raw;
  return value ?? "";
}

function endOfValue(plain: string): number {
  const bow =
    /(?<![\s,.])(?:[\s,.]+(?:please|pls|plz|thanks|thank you|thx|cheers|instead|now))+[.!]*$/.exec(
      plain,
    );
  return bow ? bow.index : plain.length;
}

/** With a capital, unless the first word has its own way of writing ("iPhone", an address). */
export function capitalise(text: string): string {
  return text.replace(/^\p{Ll}(?=[\p{Ll}'’-]*(?:[\s.,:;!?]|$))/u, (letter) => letter.toUpperCase());
}
