const ALLOWED = /^(?:https?|mailto|tel):$/;

/**
 * The absolute address behind a link, or undefined if it must not become one. The check looks at
 * the parsed URL: browsers drop tabs, newlines and leading control characters when they parse, so
 * `java\nscript:` would pass a comparison of strings. Relative addresses are refused: the page
 * around the widget is not the agent's.
 */
export function safeUrl(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return ALLOWED.test(url.protocol) ? url.href : undefined;
}
