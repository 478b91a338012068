/** Which page origins may use the chat. Pure; the middleware asks, the config parses. */

export type OriginRules = Readonly<{
  any: boolean;
  exact: ReadonlySet<string>;
  /** Suffixes such as `https|.example.com|` and the port, from `https://*.example.com`. */
  wildcards: ReadonlyArray<{ protocol: string; suffix: string; port: string }>;
}>;

/**
 * Parses one entry of `ALLOWED_ORIGINS`: an exact origin, `https://*.example.com`, `null` or `*`.
 * Returns a sentence with the fix when it is none of these.
 */
export function checkOriginEntry(entry: string): string | null {
  if (entry === "*" || entry === "null") return null;
  const plain = entry.replace("://*.", "://wildcard.");
  if (!URL.canParse(plain)) return "use an origin such as https://www.example.com";
  const url = new URL(plain);
  if (url.protocol !== "https:" && url.protocol !== "http:") return "use http:// or https://";
  if (plain.includes("*")) return "a * may only stand for subdomains: https://*.example.com";
  if (url.origin !== plain.toLowerCase()) {
    return `write only the origin, without path or slash: ${url.origin.replace("://wildcard.", "://*.")}`;
  }
  return null;
}

/** Builds the rules from entries that passed `checkOriginEntry`. `own` is always allowed. */
export function createOriginRules(entries: readonly string[], own: string | null): OriginRules {
  const exact = new Set<string>(own === null ? [] : [own]);
  const wildcards: Array<{ protocol: string; suffix: string; port: string }> = [];
  for (const entry of entries) {
    if (!entry.includes("*")) exact.add(entry.toLowerCase());
    else if (entry !== "*") {
      const url = new URL(entry.replace("://*.", "://wildcard."));
      const suffix = url.hostname.slice("wildcard".length);
      wildcards.push({ protocol: url.protocol, suffix, port: url.port });
    }
  }
  return { any: entries.includes("*"), exact, wildcards };
}

/** True when a page of this `Origin` may use the chat. `null` only when it is listed. */
export function isOriginAllowed(rules: OriginRules, origin: string): boolean {
  if (rules.exact.has(origin)) return true;
  if (origin === "null" || !URL.canParse(origin)) return false;
  if (rules.any) return true;
  const url = new URL(origin);
  return rules.wildcards.some(
    ({ protocol, suffix, port }) =>
      url.protocol === protocol && url.port === port && url.hostname.endsWith(suffix),
  );
}

/** True when every allowed origin is on this machine. */
export function isLocalOnly(rules: OriginRules): boolean {
  if (rules.any || rules.wildcards.length > 0) return false;
  return [...rules.exact].every((origin) =>
    /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin),
  );
}
