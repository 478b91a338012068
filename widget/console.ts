/** Prints one line for the page's author; every line of the widget carries the same prefix. */
export function warn(line: unknown): void {
  // oxlint-disable-next-line no-console -- the only way to reach the page's author
  console.warn(`[lex-chat] ${line}`);
}
