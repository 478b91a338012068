/**
 * A text as it is compared: agents choose signs freely that mean the same to a reader. Case, kinds of
 * white space, quotes and dashes don't count. Pure.
 */
export const fold = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[‘’‚‛]/g, "'")
    .replaceAll(/[“”„‟]/g, '"')
    .replaceAll(/[‐‑‒–—−]/g, "-")
    .replaceAll(/\s+/g, " ")
    .trim();

/** Whether `text` says `wanted`; Markdown's `*` and backquotes count only where `wanted` has them. */
export function says(text: string, wanted: string): boolean {
  const plain = /[*`]/.test(wanted) ? text : text.replaceAll(/[*`]+/g, "");
  return fold(plain).includes(fold(wanted));
}
