/** Finds values that an agent names in words: `Agent name: **Acme**`, `the heading is "Hello"`. Pure. */
import type { Branding } from "../protocol.ts";

type Field = keyof Branding;

/** Each with its own words in front; `heading` alone is tried after `subheading`. */
const LABEL =
  /(?<agentName>\b(?:agent|assistant|bot)(?:['’]s)?[\s_-]*name\b)|(?<primaryColor>\b(?:primary|brand|main|accent)[\s_-]*colou?r\b)|(?<welcomeSubheading>\b(?:welcome[\s_-]*)?sub[\s_-]*heading\b)|(?<welcomeHeading>\b(?:welcome[\s_-]*)?heading\b)/gi;

/** Between a name and its value stand a few words at most, and no end of a sentence. */
const QUOTED = [
  /^[^.!?\n"“]{0,40}?"([^"\n]+)"(?!\w)/,
  /^[^.!?\n"“]{0,40}?“([^”\n]+)”/,
  /^[^.!?\n‘]{0,40}?‘([^\n]+?)’(?!\w)/,
  /^[^.!?\n`]{0,40}?`([^`\n]+)`/,
  /^[^.!?\n*]{0,40}?\*\*([^*\n]+)\*\*/,
  /^[^.!?\n']{0,40}?(?<!\w)'([^\n]+?)'(?!\w)/,
];
/** `Name: value`, as a line of a list or a cell of a table. */
const LINE = /^[\s*_`"']*[:=|][\s*_`]*([^\n|]+)/;
const HEX = /^[^.!?\n#]{0,60}?(#[0-9a-f]+)\b/i;

/** The first value of each field, as it was written. */
export function findInProse(text: string): Partial<Record<Field, string>> {
  const found: Partial<Record<Field, string>> = {};
  const labels = [...text.matchAll(LABEL)];
  for (const [index, label] of labels.entries()) {
    const [field] = Object.entries(label.groups ?? {}).find(([, words]) => words) ?? [];
    const start = label.index + label[0].length;
    const value = valueIn(text.slice(start, labels[index + 1]?.index), field as Field);
    if (value !== undefined) found[field as Field] ??= value;
  }
  return found;
}

function valueIn(text: string, field: Field): string | undefined {
  if (field === "primaryColor") return HEX.exec(text)?.[1];
  const line = LINE.exec(text)?.[1]?.trim();
  const isQuoted = line === undefined || /^["“‘']/.test(line);
  // What begins with a quote and does not end it was cut off.
  const value = isQuoted ? quotedIn(line ?? text) : line;
  return value?.replace(/[\s*_`,;]+$/, "");
}

/** The quotation that begins first; a value may hold the signs of the other kinds. */
function quotedIn(text: string): string | undefined {
  let first: { value: string; start: number } | null = null;
  for (const form of QUOTED) {
    const [whole = "", value = ""] = form.exec(text) ?? [];
    const start = whole.length - value.length;
    if (value !== "" && (first === null || start < first.start)) first = { value, start };
  }
  return first?.value;
}
