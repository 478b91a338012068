const NAMES = "amp lt gt quot #39 nbsp".split(" ");
const CHARACTERS = "&<>\"'\u00A0";

/** Resolves backslash escapes and the character references that models write. */
export function decode(text: string): string {
  return text
    .replace(/&([#\w]+);/g, (reference, name) => CHARACTERS[NAMES.indexOf(name)] ?? reference)
    .replace(/\\([!-/:-@[-`{-~])/g, "$1");
}
