/**
 * What others wrote, without the characters that control a terminal: an answer could otherwise move the
 * cursor, change the window's title or write into the clipboard. Line breaks and tabs stay. Pure; works
 * on any part of a text.
 */
export const toPrintable = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- these are what it is about
  text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");

/** The same on one line, at most `width` characters. */
export function toLine(text: string, width = Infinity): string {
  const line = toPrintable(text.replaceAll(/\s+/g, " ")).trim();
  const characters = [...line];
  return characters.length <= width
    ? line
    : `${characters.slice(0, Math.max(width - 1, 0)).join("")}…`;
}
