const REFERENCES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["#39", "'"],
  ["nbsp", "\u00A0"],
]);

/** Resolves backslash escapes and the character references that models write. */
export function decode(text: string): string {
  return text
    .replace(/&([#\w]+);/g, (reference, name) => REFERENCES.get(name) ?? reference)
    .replace(/\\([!-/:-@[-`{-~])/g, "$1");
}
