const NAMED: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00A0"],
]);

const ESCAPE_OR_REFERENCE = /\\([!-/:-@[-`{-~])|&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]+);/gi;

/** The character that `&name;` stands for; undefined if it is none of HTML's five or a number. */
export function decodeReference(name: string): string | undefined {
  if (!name.startsWith("#")) return NAMED.get(name);
  const code = Number(name.slice(1).replace(/^x/i, "0x"));
  const valid = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return valid ? String.fromCodePoint(code) : "\uFFFD";
}

/** Resolves backslash escapes and character references, as link targets and titles need. */
export function decode(text: string): string {
  return text.replace(
    ESCAPE_OR_REFERENCE,
    (source, escaped?: string, name?: string) => escaped ?? decodeReference(name ?? "") ?? source,
  );
}
